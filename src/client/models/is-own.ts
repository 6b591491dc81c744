import type { Mutation } from '../../protocol/mutation.ts';
import type { Collection, Model } from '../backbone.ts';
import { isCollection } from '../calls/address.ts';
import { findModel } from './find-model.ts';

/** Whether the target shows the record by this model, or did until it did not belong any more. */
export function isOwn(
  target: Model | Collection,
  model: Model,
  { topic, record }: Pick<Mutation, 'topic' | 'record'>,
): boolean {
  const there = findModel(target, topic, record);
  return there ? there === model : isCollection(target) && model.collection === target;
}
