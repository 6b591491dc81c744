import { equalJson } from '../../base/json.ts';
import type { Attributes } from '../../protocol/attributes.ts';
import { touched } from '../../protocol/laying.ts';
import type { StoreWrite } from '../store.ts';

/** How the record differs, in what the write touched, from what the client sent. */
export function effectBeyond(write: StoreWrite, attrs: Attributes, merged: readonly string[]) {
  const { sent, set, unset } = write;
  if (sent.set === set && sent.unset === unset && merged.length === 0) return {};
  const names = new Set([...touched(sent), ...touched(write), ...merged]);
  const [gone, decided] = [new Set(sent.unset), new Set(merged)];
  const more: Record<string, Attributes[string]> = {};
  const less: string[] = [];
  for (const name of names) {
    const wanted = gone.has(name) || !Object.hasOwn(sent.set, name) ? undefined : sent.set[name];
    const value = Object.hasOwn(attrs, name) ? attrs[name] : undefined;
    const isTaken = value === undefined && decided.has(name) && !gone.has(name);
    if (equalJson(value, wanted) && !isTaken) continue;
    if (value === undefined) less.push(name);
    else more[name] = value;
  }
  return {
    ...(Object.keys(more).length ? { set: more } : {}),
    ...(less.length ? { unset: less } : {}),
  };
}
