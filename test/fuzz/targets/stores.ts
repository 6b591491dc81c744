import { isDeepStrictEqual } from 'node:util';
import type { Cursor } from '../../../src/protocol/change.ts';
import type { Mark, MutationId, RecordKey, Topic, UserId } from '../../../src/protocol/ids.ts';
import type { Store } from '../../../src/server/store.ts';
import { memoryStore } from '../../../src/server/stores/memory-store.ts';
import { sqliteStore } from '../../../src/server/stores/sqlite-store.ts';
import { seededRandom } from '../../../src/testing/seeded-random.ts';
import { type StoreFrame, storeFrames, TOPICS, USERS, writesOf } from '../frames/store-frames.ts';
import type { Fed, Target } from '../target.ts';

/** Rows of a page: few, so that there are several. */
const PAGE = { rows: 3, bytes: 1_000_000 };

/** The same writes are committed to each of these; what they answer and what they keep is the same. */
async function open(stores: readonly Store[]): Promise<Fed> {
  await Promise.all(stores.map((store) => store.open()));
  const asked = new Map<UserId, Set<MutationId>>(USERS.map((user) => [user, new Set()]));
  let at = 0;
  const compare = async (what: string, ask: (store: Store) => unknown): Promise<string | undefined> => {
    const [first, ...others] = await Promise.all(stores.map(async (store) => plain(await ask(store))));
    const other = others.find((one) => !isDeepStrictEqual(one, first));
    if (other === undefined) return undefined;
    const [one, another] = [first, other].map((said) => JSON.stringify(said).slice(0, 1_000));
    return `${what}: ${one} and ${another}`;
  };
  return {
    frame: storeFrames(),
    async feed(frame) {
      const writes = writesOf(frame as StoreFrame);
      for (const { user, ids } of writes) for (const id of ids) asked.get(user)?.add(id);
      const now = ++at;
      const topics = [...new Set(writes.map(({ topic }) => topic))];
      return compare('outcomes, and what who was there has missed', async (store) => {
        const heads = await store.heads(topics);
        const outcomes = await store.commit(writes, now);
        return [outcomes, await Promise.all(topics.map((topic, n) => missedOf(store, topic, heads[n])))];
      });
    },
    async close() {
      let problem: string | undefined;
      for (const topic of new Set(TOPICS)) {
        problem ??= await compare(`records of ${topic}`, (store) => recordsOf(store, topic));
        problem ??= await compare(`log of ${topic}`, (store) => missedOf(store, topic));
      }
      problem ??= await compare('heads', (store) => store.heads(TOPICS));
      for (const [user, ids] of asked) {
        const named = [...ids].map((id) => ({ id, number: 0 }));
        problem ??= await compare(`receipts of ${user}`, async (store) => [
          ...(await store.receipts(user, named)),
        ]);
      }
      await Promise.all(stores.map((store) => store.close()));
      return problem;
    },
  };
}

/** As it would go over the wire: without what chance has a part in. */
const plain = (value: unknown): unknown =>
  JSON.parse(
    JSON.stringify(value ?? null, (name, one) => {
      if (name === 'epoch' || name === 'mark' || name === 'since') return '';
      return one instanceof Error ? one.message : one;
    }),
  );

/** Page by page. In what order is the store's own affair. */
async function recordsOf(store: Store, topic: Topic): Promise<unknown> {
  const rows = [];
  let after: RecordKey | null = null;
  do {
    const page = await store.page(topic, after, PAGE);
    rows.push(...page.rows);
    after = page.next;
  } while (after !== null);
  return rows.sort(([a], [b]) => (String(a) < String(b) ? -1 : 1));
}

/** What the log tells of changes since then, by default of all. */
async function missedOf(store: Store, topic: Topic, since?: Cursor): Promise<unknown> {
  const all = { ...(await store.head(topic)), offset: 0, mark: '' as Mark };
  const missed = await store.log(topic, since ?? all);
  const images = [...(missed?.images ?? [])].sort(([a], [b]) => (a < b ? -1 : 1));
  return { ...missed, images };
}

const memory = () => memoryStore({ random: seededRandom(1) });
const sqlite = () => sqliteStore(':memory:', { random: seededRandom(2) });

/** The commit path of memory and SQLite. */
export const stores: Target = {
  name: 'stores',
  share: 3,
  each: 2_000,
  open: () => open([memory(), sqlite()]),
};

/** That of a third beside them. */
export const storesWith = (name: string, third: () => Store): Target => ({
  name: `stores with ${name}`,
  share: 1,
  each: 500,
  open: () => open([memory(), sqlite(), third()]),
});
