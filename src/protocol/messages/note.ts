import { anything, type Of, object, text } from '../../base/shape.ts';

/** A message of the server's that is no change, by its type; '' = it has none. */
export const note = object({ type: text(), content: anything });
export type Note = Of<typeof note>;
