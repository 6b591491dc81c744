import { mutationWith } from '../../protocol/aliases/mutation-with.ts';
import { type RealId, renamed, renamedPath } from '../../protocol/aliases/renamed.ts';
import type { TabUp } from '../../protocol/tab-up.ts';

/** What a tab says, with real ids in the place of the temporary ones that it may know no better than to name. */
export function withRealIds<M extends TabUp>(message: M, real: RealId): M;
export function withRealIds(message: TabUp, real: RealId): TabUp {
  switch (message.type) {
    case 'writes':
      return {
        ...message,
        writes: message.writes.map((write) => ({ ...write, mutation: mutationWith(write.mutation, real) })),
      };
    case 'read':
    case 'follow':
    case 'release':
      return renamed({ ...message, topic: renamedPath(message.topic, real) }, real);
    case 'send':
    case 'decide':
      return renamed(message, real);
    default:
      return message;
  }
}
