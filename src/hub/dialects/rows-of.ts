import { isObject, type Json } from '../../base/json.ts';
import type { Attributes } from '../../protocol/attributes.ts';
import { MedullaError } from '../../protocol/errors.ts';
import { type RecordId, recordKey, SINGLETON } from '../../protocol/ids.ts';

/** A record of an answer, its id beside it. */
export interface WireRow {
  readonly record: RecordId;
  readonly attrs: Attributes;
}

const isId = (value: Json | undefined): value is RecordId =>
  typeof value === 'string' || typeof value === 'number';

export function idIn(attrs: Attributes, idAttribute: string): RecordId | undefined {
  const id = Object.hasOwn(attrs, idAttribute) ? attrs[idAttribute] : undefined;
  return isId(id) ? id : undefined;
}

export function withoutId(attrs: Attributes, idAttribute: string): Attributes {
  const { [idAttribute]: _, ...rest } = attrs;
  return rest;
}

/**
 * What the server sent of a topic: a list, or the one record that the topic is; nothing at all is an empty list. What has no
 * id is nobody's. Throws where it is neither, or no list of what is known to be one.
 */
export function rowsOf(content: Json, idAttribute: string, isList = false): WireRow[] {
  if (isObject(content) && !isList) return [{ record: SINGLETON, attrs: content }];
  if (content === null) return [];
  if (!Array.isArray(content)) throw noList(content);
  return content.flatMap((row: Json) => {
    if (!isObject(row)) return [];
    const record = idIn(row, idAttribute);
    return record === undefined ? [] : [{ record, attrs: withoutId(row, idAttribute) }];
  });
}

/** An answer like this must not pass for a list without records: all that is shown of the topic would go. It is asked again later. */
export const noList = (content: Json): MedullaError =>
  new MedullaError('internal', `The answer is no list: ${JSON.stringify(content).slice(0, 80)}`);

/** What the server sent of one record. One that does not look at the id may send a list, with the record in it or not. */
export function rowOf(record: RecordId, content: Json, idAttribute: string): WireRow[] {
  if (Array.isArray(content)) {
    const key = recordKey(record);
    return rowsOf(content, idAttribute).filter((row) => recordKey(row.record) === key);
  }
  if (!isObject(content)) return [];
  return [{ record, attrs: record === SINGLETON ? content : withoutId(content, idAttribute) }];
}
