import { type Of, object, optional, text } from '../../base/shape.ts';
import { attributes } from '../attributes.ts';
import type { Topic } from '../ids.ts';
import { recordId } from '../mutation.ts';

/** Whom a message is for, where it is not for the server at large: a method of the application's own on a resource. */
export const addressee = object({
  topic: text<Topic>(),
  method: text(),
  record: optional(recordId),
  options: optional(attributes),
});
export type Addressee = Of<typeof addressee>;
