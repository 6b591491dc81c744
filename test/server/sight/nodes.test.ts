import { expect, it } from 'vitest';
import type { Attributes } from '../../../src/protocol/attributes.ts';
import type { Cursor } from '../../../src/protocol/change.ts';
import type { Core } from '../../../src/server/core.ts';
import { memoryStore } from '../../../src/server/stores/memory-store.ts';
import { seededRandom } from '../../../src/testing/seeded-random.ts';
import { settle, VirtualClock } from '../../../src/testing/virtual-clock.ts';
import { FakeBroker } from '../support/fake-broker.ts';
import { FakePeer, sent, TASKS } from '../support/fake-peer.ts';
import { layOn } from '../support/lay-on.ts';
import { testCore } from '../support/test-core.ts';

const USERS = ['ann', 'bob', 'carl'];
const sees = (user: string, { owner, shared }: Attributes) => owner === user || shared === true;

/** One who follows, as a hub does: changes fit, or it asks again. */
class Follower {
  readonly records = new Map<string, Attributes>();
  /** Every id that it was ever told. */
  readonly met = new Set<string>();
  readonly peer: FakePeer;
  cursor: Cursor | null = null;
  snapshots = 0;
  #taken = 0;

  constructor(peer: FakePeer) {
    this.peer = peer;
  }

  async catchUp(live = true): Promise<void> {
    const told = await this.peer.follow(TASKS, this.cursor, live);
    if (told.type === 'denied') throw new Error(told.message);
    if (told.type === 'changes') return this.#lay(told.changes.entries, told.changes);
    this.snapshots++;
    this.records.clear();
    for (const [id, , attrs] of told.rows) {
      this.met.add(String(id));
      this.records.set(String(id), attrs);
    }
    this.cursor = told.cursor;
  }

  /** Takes what has come; asks again where something is missing. */
  async take(): Promise<void> {
    const { heard } = this.peer;
    while (this.#taken < heard.length) {
      const { name, event } = heard[this.#taken++] as (typeof heard)[0];
      if (name === 'denied') await this.catchUp();
      if (name !== 'changes') continue;
      const { from, to, mark, entries } = event as FakePeer['changes'][0];
      if (!this.cursor || to <= this.cursor.offset) continue;
      if (from > this.cursor.offset) await this.catchUp();
      else this.#lay(entries, { epoch: this.cursor.epoch, to, mark });
    }
  }

  #lay(
    entries: FakePeer['changes'][0]['entries'],
    { epoch, to, mark }: Omit<Cursor, 'offset'> & { to: number },
  ) {
    for (const entry of entries) {
      if (this.cursor && entry[1] <= this.cursor.offset) continue;
      this.met.add(String(entry[0]));
      layOn(this.records, String(entry[0]), entry);
    }
    this.cursor = { epoch, offset: to, mark };
  }
}

async function run(seed: number) {
  const random = seededRandom(seed);
  const pick = <T>(items: readonly T[]): T => items[Math.floor(random.next() * items.length)] as T;
  const [clock, store, broker] = [new VirtualClock(), memoryStore({ random }), new FakeBroker()];
  const nodes = [1, 2].map((n) => {
    const { core } = testCore({ store, clock, random: seededRandom(seed * 10 + n), nodes: broker.node() });
    core.resource('/tasks', { public: true, filter: (record, { user }) => sees(user, record) });
    return core;
  });
  const followers: Follower[] = [];
  for (const [n, user] of [...USERS, ...USERS].entries())
    followers.push(new Follower(await FakePeer.connect(nodes[n % 2] as Core, user)));
  for (const one of followers) await one.catchUp();
  const ever = new Map(USERS.map((user) => [user, new Set<string>()]));
  for (let n = 0; n < 40; n++) {
    broker.held = random.next() < 0.3 ? null : undefined;
    const record = pick(['1', '2', '3', '4', '5', '6']);
    const set = { owner: pick(USERS), n, ...(random.next() < 0.2 && { shared: pick([true, false]) }) };
    const some = Object.fromEntries(Object.entries(set).filter(() => random.next() < 0.6)) as typeof set;
    const core = pick(nodes);
    if (random.next() < 0.25) await core.publish(TASKS, { record, deleted: true });
    else await core.publish(TASKS, { record, set: some });
    if (random.next() < 0.3) {
      const author = pick(followers).peer;
      await author.push(
        sent(`w:${seed}:${n}`, { user: author.user, record, method: 'patch', set: some, base: 1 }),
      );
    }
    for (const [id, , attrs] of (await core.snapshot(TASKS)).rows)
      for (const user of USERS) if (sees(user, attrs)) ever.get(user)?.add(String(id));
    // Some listen, some are away for a while, and some come back.
    for (const one of followers) {
      if (random.next() < 0.5) await one.take();
      if (random.next() < 0.1) await one.catchUp();
    }
    if (random.next() < 0.3) await clock.advance(50);
  }
  broker.held = undefined;
  await clock.advance(10_000);
  for (const one of followers) await one.take();
  await settle();
  for (const one of followers) await one.take();
  return { followers, rows: (await (nodes[0] as Core).snapshot(TASKS)).rows, ever };
}

it('[PE8] shows each user on each node what they may see in the end, and never tells of what they never saw', async () => {
  let [caughtUp, snapshots] = [0, 0];
  for (let seed = 1; seed <= 30; seed++) {
    const { followers, rows, ever } = await run(seed);
    for (const { peer, records, met, cursor, snapshots: began } of followers) {
      const seen = rows
        .filter(([, , attrs]) => sees(peer.user, attrs))
        .map(([id, , attrs]) => [String(id), attrs]);
      expect(Object.fromEntries(records), `seed ${seed}, ${peer.user}`).toEqual(Object.fromEntries(seen));
      const never = [...met].filter((id) => !ever.get(peer.user)?.has(id));
      expect(never, `seed ${seed}, ${peer.user}`).toEqual([]);
      caughtUp += cursor?.offset ?? 0;
      snapshots += began;
    }
  }
  expect(caughtUp).toBeGreaterThan(4_000);
  // One each at the beginning, and hardly ever another.
  expect(snapshots).toBeLessThan(30 * 6 * 2);
});
