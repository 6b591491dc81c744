import type { Store } from '../../../src/server/store.ts';
import { FakePeer, TASKS } from '../support/fake-peer.ts';
import { testCore } from '../support/test-core.ts';

/** Two tasks, of which the filter shows those in `seen`, the first to begin with; ann follows them, as of `cursor`. */
export async function filtered(options: { readonly store?: Store } = {}) {
  const { core } = testCore(options);
  const seen = new Set([1]);
  core.resource('/tasks', { public: true, filter: ({ id }) => seen.has(Number(id)) });
  await core.publish(TASKS, [
    { record: 1, set: {} },
    { record: 2, set: {} },
  ]);
  const ann = await FakePeer.connect(core, 'ann');
  const { cursor } = await ann.begin();
  return { core, seen, ann, cursor };
}

/** What is to be seen once both are. */
export const BOTH = [
  [1, 1, {}],
  [2, 2, {}],
];
