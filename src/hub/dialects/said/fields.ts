import type { Json } from '../../../base/json.ts';
import { badJson } from '../../../protocol/attributes.ts';

export type Fields = { readonly [name: string]: Json };

export const isFields = (value: Json | undefined): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** What came, where it is JSON that is safe to keep. */
export function jsonIn(came: unknown): Json | undefined {
  return came === undefined || badJson(came) ? undefined : (came as Json);
}

/** The same of what a text says; undefined where it is no JSON. */
export function jsonInText(text: string): Json | undefined {
  try {
    return jsonIn(JSON.parse(text));
  } catch {
    return undefined;
  }
}
