import {
  either,
  flag,
  list,
  literal,
  nothing,
  number,
  type Of,
  object,
  oneOf,
  optional,
  text,
} from '../base/shape.ts';
import { attributes } from './attributes.ts';
import type { MutationId, Topic, UserId } from './ids.ts';

export const recordId = either(text(), number);

/**
 * One intended write. `base` is the version that its author had seen: null = it had seen none, 'previous' = what the
 * mutation before it in the lane leaves behind. `was` holds the old values of the touched attributes, of a delete
 * all that there was; one that was not there is missing. `recordVersion`: the application's number for the shape of its records, where it has one.
 * `adopted`: it was nobody's in particular before, and may have been sent as such. `batch`: it is one of `size` that come
 * in one push, one behind the other, and are applied together or not at all; `id` is that of the first. `options`: what the call
 * said beside Backbone's own options. `seen`: the whole record as its author had it before, where the server may not be able
 * to say that: with dialects alone.
 */
export const mutation = object({
  id: text<MutationId>(),
  user: text<UserId>(),
  topic: text<Topic>(),
  record: recordId,
  method: oneOf('create', 'update', 'patch', 'delete'),
  set: attributes,
  unset: list(text()),
  base: either(number, literal('previous'), nothing),
  was: attributes,
  recordVersion: optional(number),
  adopted: optional(flag),
  batch: optional(object({ id: text<MutationId>(), size: number })),
  options: optional(attributes),
  seen: optional(attributes),
});

export type Mutation = Of<typeof mutation>;
export type Method = Mutation['method'];

export { edited, laidOn, rebased } from './laying.ts';
