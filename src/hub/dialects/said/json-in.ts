import type { Json } from '../../../base/json.ts';
import { badJson } from '../../../protocol/attributes.ts';

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
