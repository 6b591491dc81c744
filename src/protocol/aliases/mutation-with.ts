import type { Mutation } from '../mutation.ts';
import { type RealId, renamed, renamedPath } from './renamed.ts';

/** The mutation with real ids; itself where it names no temporary one that is known. */
export function mutationWith(mutation: Mutation, real: RealId): Mutation {
  const next = renamed(mutation, real);
  const topic = renamedPath(mutation.topic, real);
  return topic === mutation.topic ? next : { ...next, topic };
}
