import { isObject, type Json } from '../../base/json.ts';
import type { Attributes } from '../../protocol/attributes.ts';
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

/** What the server sent of a topic: a list, or the one record that the topic is. What has no id is nobody's. */
export function rowsOf(content: Json, idAttribute: string): WireRow[] {
  if (isObject(content)) return [{ record: SINGLETON, attrs: content }];
  if (!Array.isArray(content)) return [];
  return content.flatMap((row: Json) => {
    if (!isObject(row)) return [];
    const record = idIn(row, idAttribute);
    return record === undefined ? [] : [{ record, attrs: withoutId(row, idAttribute) }];
  });
}

/** What the server sent of one record. One that does not look at the id may send a list, with the record in it or not. */
export function rowOf(record: RecordId, content: Json, idAttribute: string): WireRow[] {
  if (Array.isArray(content)) {
    const key = recordKey(record);
    return rowsOf(content, idAttribute).filter((row) => recordKey(row.record) === key);
  }
  if (!isObject(content)) return [];
  return [{ record, attrs: record === SINGLETON ? content : withoutId(content, idAttribute) }];
}
