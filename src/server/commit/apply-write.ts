import { equalJson, isObject } from '../../base/json.ts';
import { type Attributes, badJson } from '../../protocol/attributes.ts';
import type { Row } from '../../protocol/change.ts';
import { MedullaError } from '../../protocol/errors.ts';
import { touched } from '../../protocol/laying.ts';
import { edited } from '../../protocol/mutation.ts';
import type { RefusingReceipt } from '../../protocol/receipt.ts';
import { isThere } from '../sight/is-there.ts';
import { notThere } from '../sight/not-there.ts';
import type { ConflictFunction, StoreWrite } from '../store.ts';

/** What a write makes of a record. `unset` '*' = the record is exactly `set`; `merged`: a conflict function had its say. */
export type Applied =
  | { readonly type: 'unchanged' }
  | { readonly type: 'deleted' }
  | {
      readonly type: 'changed';
      readonly attrs: Attributes;
      readonly set: Attributes;
      readonly unset: readonly string[] | '*';
      readonly merged: boolean;
    }
  | { readonly type: 'refused'; readonly receipt: RefusingReceipt };

/**
 * Lays a write on the record as it is now, by the resource's policy (DESIGN section 7). Pure: every store calls it
 * inside its transaction. Throws only where a conflict function does, or returns what is no attributes.
 */
export function applyWrite(current: Row | null, write: StoreWrite): Applied {
  if (write.elsewhere) return write.method === 'delete' ? { type: 'deleted' } : replaced(write.set);
  switch (write.method) {
    case 'create':
      if (current) return conflict(current, write, isThere(write.record, write.topic));
      return replaced(write.set);
    case 'delete':
      if (!current) return { type: 'unchanged' };
      if (write.conflict === 'reject' && isBehind(current, write))
        return conflict(current, write, changedSince(write));
      return { type: 'deleted' };
    default:
      if (current) return updated(current, write);
      // A model that was never loaded and is saved with its id is a PUT; one that was loaded is gone.
      if (write.base === null) return replaced(edited({}, write.set, write.unset));
      return refused(write, 'gone', notThere(write.record, write.topic));
  }
}

/**
 * What a conflict function makes of the record as it will be by then; undefined = it is not asked. `first`: nothing
 * before the write in its lane has made another of the record than was read.
 */
export function foreseen(current: Row | null, write: StoreWrite, first: boolean): Attributes | undefined {
  if (typeof write.conflict !== 'function' || !current) return undefined;
  try {
    // What is not there yet is of a version that nobody can have seen.
    const applied = applyWrite(first ? current : [current[0], Number.NaN, current[2]], write);
    return applied.type === 'changed' && applied.merged ? applied.attrs : undefined;
  } catch {
    return undefined; // the store asks it again, and says why
  }
}

/** By what its author touched: what the server itself adds, as a time or a name, is in nobody's way. */
function updated(current: Row, write: StoreWrite): Applied {
  const { set, unset } = write;
  const theirs = current[2];
  if (
    typeof write.conflict === 'function' &&
    current[1] !== write.base &&
    touched(write.sent).some(isForeign)
  )
    return merged(theirs, write, write.conflict);
  if (write.conflict === 'reject' && isBehind(current, write)) {
    const yours = edited({}, set, unset);
    // Two who did the same do not disagree.
    const isContested = (name: string) => isForeign(name) && !equalJson(own(theirs, name), own(yours, name));
    if (touched(write.sent).some(isContested)) return conflict(current, write, changedSince(write));
  }
  return { type: 'changed', attrs: edited(theirs, set, unset), set, unset, merged: false };

  /** Somebody else has changed what the author had seen. */
  function isForeign(name: string): boolean {
    return !equalJson(own(theirs, name), own(write.was, name));
  }
}

/** A write behind another of its lane never is: it was made on what that one leaves. */
const isBehind = (current: Row, write: StoreWrite) => write.base !== 'previous' && write.base !== current[1];

function merged(theirs: Attributes, write: StoreWrite, merge: ConflictFunction): Applied {
  const unseen = touched(write.sent).filter((name) => !Object.hasOwn(write.was, name));
  const was = edited(theirs, write.was, unseen);
  const yours = edited(was, write.set, write.unset);
  const attrs = write.foreseen ?? asked(merge, { was, theirs, yours }, write);
  const names = Object.keys(attrs).filter((name) => !equalJson(attrs[name], own(theirs, name)));
  const set = Object.fromEntries(names.map((name) => [name, attrs[name]])) as Attributes;
  const unset = Object.keys(theirs).filter((name) => !Object.hasOwn(attrs, name));
  return { type: 'changed', attrs, set, unset, merged: true };
}

/** What the application's function makes of it, if that can be a record. Throws `bad-merge` otherwise. */
function asked(merge: ConflictFunction, sides: Parameters<ConflictFunction>[0], { topic }: StoreWrite) {
  const failed = (why: string, cause?: unknown) =>
    new MedullaError('bad-merge', `Cannot merge a write to ${topic}: its conflict function ${why}`, {
      cause,
    });
  let attrs: unknown;
  try {
    // Copies: what the function does to one is not done to another, nor to the record.
    const [was, theirs, yours] = [sides.was, sides.theirs, sides.yours].map((side) => structuredClone(side));
    attrs = merge({ was, theirs, yours } as typeof sides);
  } catch (cause) {
    throw failed('threw an error', cause);
  }
  if (attrs instanceof Promise) {
    attrs.catch(() => undefined); // it is not waited for, and nobody else would hear of it
    throw failed('returned a promise: it has to be synchronous');
  }
  const bad = isObject(attrs) ? badJson(attrs) : 'no object';
  if (bad) throw failed(`has to return attributes, and returned ${bad}`);
  return attrs as Attributes;
}

const replaced = (attrs: Attributes): Applied => ({
  type: 'changed',
  attrs,
  set: attrs,
  unset: '*',
  merged: false,
});

const own = (attrs: Attributes, name: string) => (Object.hasOwn(attrs, name) ? attrs[name] : undefined);

const changedSince = (write: StoreWrite) =>
  `Record ${write.record} of ${write.topic} was changed by somebody else since it was loaded.`;

function refused(write: StoreWrite, type: 'gone', message: string): Applied {
  return { type: 'refused', receipt: { type, ids: write.ids, code: type, message } };
}

function conflict([, version, attrs]: Row, write: StoreWrite, message: string): Applied {
  const receipt = {
    type: 'conflict',
    ids: write.ids,
    code: 'conflict',
    message,
    current: write.hidden ? null : { version, attrs },
  } as const;
  return { type: 'refused', receipt };
}
