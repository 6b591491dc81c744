import { equalJson } from '../../base/json.ts';
import type { Attributes } from '../../protocol/attributes.ts';
import type { StoreWrite } from '../store.ts';

/** How the record differs, in what the write touched, from what the client sent. */
export function effectBeyond(write: StoreWrite, attrs: Attributes, merged: readonly string[]) {
  const { sent, set, unset } = write;
  if (sent.set === set && sent.unset === unset && merged.length === 0) return {};
  const names = [sent.set, set].flatMap(Object.keys).concat(sent.unset, unset, merged);
  const more: Record<string, Attributes[string]> = {};
  const less: string[] = [];
  for (const name of new Set(names)) {
    const wanted = sent.unset.includes(name) || !Object.hasOwn(sent.set, name) ? undefined : sent.set[name];
    const value = Object.hasOwn(attrs, name) ? attrs[name] : undefined;
    const isTaken = value === undefined && merged.includes(name) && !sent.unset.includes(name);
    if (equalJson(value, wanted) && !isTaken) continue;
    if (value === undefined) less.push(name);
    else more[name] = value;
  }
  return {
    ...(Object.keys(more).length ? { set: more } : {}),
    ...(less.length ? { unset: less } : {}),
  };
}
