import type { Requests } from '../../../src/protocol/server-up.ts';
import { storeMethods } from '../../server/support/store-methods.ts';
import { isPoison } from '../world/poison-titles.ts';
import { careless, forgetful } from './broken-stores.ts';
import type { Mutant } from './mutant.ts';

/** After the first poison it fails on all that comes. */
function blocked() {
  let isBlocked = false;
  return (name: string, request: unknown) => {
    if (name !== 'push') return request;
    const push = request as Requests['push'];
    isBlocked ||= push.mutations.some(({ mutation }) => isPoison(mutation));
    if (!isBlocked) return request;
    const mutations = push.mutations.map((sent) => ({
      ...sent,
      mutation: { ...sent.mutation, set: { ...sent.mutation.set, title: 'poison' } },
    }));
    return { ...push, mutations };
  };
}

export const SERVER_MUTANTS: readonly Mutant[] = [
  {
    name: 'the server does not write the receipt',
    breaks: ['P2'],
    options: () => ({ store: forgetful }),
  },
  {
    name: 'the server forgets an attribute',
    breaks: ['meant'],
    options: () => ({ store: careless }),
  },
  {
    name: 'changes are applied over a gap',
    breaks: ['P5', 'P4'],
    options: () => ({ changes: (changes) => ({ ...changes, from: 0 }) }),
  },
  {
    name: 'the writes of a push arrive in another order',
    breaks: ['P3'],
    options: () => ({
      request(name, request) {
        if (name !== 'push') return request;
        const push = request as { mutations: readonly unknown[] };
        return { ...push, mutations: [...push.mutations].reverse() };
      },
    }),
  },
  {
    name: 'nodes never compare their heads with the store',
    breaks: ['P4'],
    options: () => ({ store: (store) => ({ ...storeMethods(store), heads: async () => [] }) }),
  },
  {
    name: 'poison blocks the rest',
    breaks: ['P9'],
    options: () => ({ request: blocked() }),
  },
  {
    name: 'a filter shows everybody everything',
    breaks: ['sight'],
    shares: true,
    options: () => ({ shares: { filter: () => true } }),
  },
  {
    name: 'a role that was taken is had until the connection ends',
    breaks: ['sight'],
    shares: true,
    options: () => ({ recheck: async () => undefined }),
  },
];
