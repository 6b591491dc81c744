import { mutationId, type TabId, type Topic, type UserId } from '../../src/protocol/ids.ts';
import type { Mutation } from '../../src/protocol/mutation.ts';

export const TOPIC = '/tasks' as Topic;
export const USER = 'ann' as UserId;

export type MutationInit = Partial<Omit<Mutation, 'id'>> & { readonly tab?: string; readonly n?: number };

/** A mutation of which only what matters has to be named: an update of record 'a' by the first tab. */
export function mutationOf({ tab = 'tab1', n = 1, ...rest }: MutationInit = {}): Mutation {
  return {
    id: mutationId(tab as TabId, n),
    user: USER,
    topic: TOPIC,
    record: 'a',
    method: 'update',
    set: {},
    unset: [],
    base: null,
    was: {},
    ...rest,
  };
}
