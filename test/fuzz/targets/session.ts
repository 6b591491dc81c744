import type { Shape } from '../../../src/base/shape.ts';
import { answers, refusedAnswer } from '../../../src/protocol/server-down.ts';
import { requests } from '../../../src/protocol/server-up.ts';
import { type Core, createCore } from '../../../src/server/core.ts';
import type { Store } from '../../../src/server/store.ts';
import { memoryStore } from '../../../src/server/stores/memory-store.ts';
import { sqliteStore } from '../../../src/server/stores/sqlite-store.ts';
import { seededRandom } from '../../../src/testing/seeded-random.ts';
import { VirtualClock } from '../../../src/testing/virtual-clock.ts';
import { FakePeer } from '../../server/support/fake-peer.ts';
import type { Dice } from '../../support/dice.ts';
import { shapeTree } from '../frames/shape-tree.ts';
import { spoil } from '../frames/spoil.ts';
import { valid } from '../frames/valid.ts';
import { ODD_NAMES, type Words } from '../frames/words.ts';
import type { Fed, Target } from '../target.ts';
import { told } from '../told.ts';
import { addResources, alice } from './victims.ts';

const TREES = Object.entries(requests).map(([name, { text }]) => [name, shapeTree(text)] as const);

const PUSHES = TREES.filter(([name]) => name === 'push');

const TOPICS = [
  '/tasks',
  '/tasks',
  '/strict',
  '/merged',
  '/numbered',
  '/guarded/bob',
  '/guarded/alice',
  '/users/alice/notes',
  '/users/mallory/notes',
  '/secrets/alice',
  '/filtered',
  '/filtered',
  '/tagged',
  '/box',
  '/box',
  '/kept/bob',
  '/kept/bob',
  '/kept/bob',
  '/kept/bob',
  '/kept/alice',
  '/shut',
  '/nobody',
];

export type Handle = (name: string, message: unknown) => Promise<unknown>;
/** Puts a worse server in the place of ours. */
export type Mutant = (handle: Handle, core: Core) => Handle;

type Frame = readonly [name: unknown, message: unknown];

/** A server, alice who has secrets, and mallory who says whatever is fed. */
async function open(store: Store, dice: Dice, mutant: Mutant): Promise<Fed> {
  const faults: string[] = [];
  const core = createCore({
    store,
    authenticate: ({ user }) => user,
    clock: new VirtualClock(),
    random: seededRandom(dice.int(1, 1e9)),
    turn: (fn) => queueMicrotask(fn),
    // What a client says is never an error of the server's.
    log(level, event, details) {
      if (level === 'error') faults.push(`${event}: ${String(details?.error)}`);
    },
  });
  addResources(core);
  const victim = await alice(core);
  const mallory = await FakePeer.connect(core, 'mallory');
  const handle = mutant((name, message) => mallory.session.handle(name, message), core);
  let n = 0;
  const id = (from: Dice) =>
    from.chance(0.8) ? `m:${++n}` : from.pick(['m:1', `m:${n}`, 'alice:1', ...ODD_NAMES]);
  const head = async (topic: string) => (await store.head(topic as never)) as object;
  const cursors = [
    await head('/tasks'),
    await head('/secrets/alice'),
    await head('/filtered'),
    { ...(await head('/filtered')), offset: 0, mark: '' },
  ];
  const words: Words = {
    topic: TOPICS,
    user: ['mallory', 'mallory', 'mallory', 'alice', ''],
    id: [id],
    'also[]': [id],
    'ids[]': [id],
    record: ['x', 'y', 's1', 'n1', 'f1', 'b1', 1, 2, '~0194d5a0-0000-7000-8000-000000000001'],
    base: [null, 0, 1, 2, 'previous'],
    cursor: [null, ...cursors],
    at: cursors,
    after: ['', 'x', ...ODD_NAMES.slice(0, 4)],
    method: ['create', 'update', 'patch', 'delete', 'archive'],
    size: [1, 2],
    number: [0, 1, 5],
  };
  let fed = 0;
  return {
    frame(from): Frame {
      const [name, tree] = from.pick(from.chance(0.3) ? PUSHES : TREES);
      const odd = from.pick<unknown>(['', 'constructor', '__proto__', 'welcome', 7, 'PUSH']);
      return [from.chance(0.98) ? name : odd, spoil(valid(tree, from, words), from)];
    },
    async feed(frame) {
      const [name, message] = frame as Frame;
      const answer = await handle(name as string, message);
      const heard = (mallory.heard as unknown[]).splice(0);
      const fault = faults.splice(0)[0];
      if (fault) return fault;
      // The peer stays what it is: the next frame comes over the same connection.
      if (++fed % 500 === 0) cursors[0] = await head('/tasks');
      return wrongAnswer(name, message, answer) ?? told(answer, heard);
    },
    async close() {
      const harm = await victim.harm();
      await core.close();
      return harm;
    },
  };
}

function wrongAnswer(name: unknown, message: unknown, answer: unknown): string | undefined {
  if (refusedAnswer.problem(answer, '') === undefined) return undefined;
  const shape = new Map<unknown, Shape<unknown>>(Object.entries(answers)).get(name);
  const problem = shape ? shape.problem(answer, 'answer') : 'there is an answer to what is no request';
  return problem ?? (name === 'push' ? unanswered(message, answer) : undefined);
}

/** Each mutation that can be named has its receipt. */
function unanswered(message: unknown, answer: unknown): string | undefined {
  const { mutations } = message as {
    mutations: readonly ({ mutation?: { id?: unknown } | null; also?: unknown } | null)[];
  };
  const { receipts } = answer as { receipts: readonly { ids: readonly string[] }[] };
  const told = new Set<unknown>(receipts.flatMap(({ ids }) => ids));
  for (const one of mutations) {
    const ids = [one?.mutation?.id, ...(Array.isArray(one?.also) ? one.also : [])];
    if (ids.every(isName) && !ids.every((id) => told.has(id))) return `not each of ${ids} has a receipt`;
  }
  return undefined;
}

const isName = (id: unknown) => typeof id === 'string' && /^[\w:/.%~*$'; {}-]{1,2000}$/.test(id);

const target = (name: string, share: number, store: () => Store, mutant: Mutant): Target => ({
  name,
  share,
  each: 2_000,
  open: (dice) => open(store(), dice, mutant),
});

export const sessions = (mutant: Mutant = (handle) => handle): readonly Target[] => [
  target('session', 10, () => memoryStore({ random: seededRandom(2) }), mutant),
  target('session over SQLite', 4, () => sqliteStore(':memory:'), mutant),
];
