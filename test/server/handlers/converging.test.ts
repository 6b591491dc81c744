import { expect, it } from 'vitest';
import type { Attributes } from '../../../src/protocol/attributes.ts';
import { isFinal } from '../../../src/protocol/receipt.ts';
import { memoryStore } from '../../../src/server.ts';
import { seededRandom } from '../../../src/testing/seeded-random.ts';
import { FakePeer, sent, TASKS } from '../support/fake-peer.ts';
import { layOn } from '../support/lay-on.ts';
import { Ledger } from '../support/ledger.ts';
import { storeMethods } from '../support/store-methods.ts';
import { testCore } from '../support/test-core.ts';

const RECORDS = ['x', 'y', 'z'];
const WRITERS = 4;
const WRITES = 6;

/** Writers of two nodes over one store and one backend; commits fail now and then after the handler has done its work. */
async function run(seed: number) {
  const random = seededRandom(seed);
  const pick = <T>(items: readonly T[]): T => items[Math.floor(random.next() * items.length)] as T;
  const memory = memoryStore({ random });
  const commit: typeof memory.commit = async (writes, at) => {
    if (random.next() < 0.2) throw new Error('The database is gone');
    return memory.commit(writes, at);
  };
  const store = { ...storeMethods(memory), commit };
  const ledger = new Ledger({ turns: () => Math.floor(random.next() * 4) });
  ledger.put('x', { from: 'before' });
  const cores = [1, 2].map(() => testCore({ store }).core);
  for (const core of cores) core.resource('/tasks', { public: true, handlers: ledger.handlers });
  const [start] = await Promise.all([...cores.map(({ ready }) => ready)]).then(() => [memory.head(TASKS)]);
  const before = new Map([...ledger.records.values()].map(({ id, ...attrs }) => [String(id), attrs]));
  const writers = Array.from({ length: WRITERS }, async (_, at) => {
    const peer = await FakePeer.connect(cores[at % cores.length] as (typeof cores)[0], `u${at}`);
    for (let n = 1; n <= WRITES; n++) {
      const method = pick(['create', 'update', 'patch', 'patch', 'delete']);
      const content = method === 'delete' ? {} : { set: { [pick(['a', 'b'])]: `${at}:${n}` } };
      const fields = { user: peer.user, record: pick(RECORDS), method, ...content, base: 1 };
      const write = sent(`w${at}:${n}`, fields);
      while (!(await peer.push(write)).every(isFinal)) await new Promise(setImmediate);
    }
  });
  await Promise.all(writers);
  const told = new Map<string, Attributes>(before);
  const missed = await memory.log(TASKS, await (start as ReturnType<typeof memory.head>));
  for (const entry of missed?.entries ?? []) layOn(told, String(entry[0]), entry);
  const kept = new Map([...ledger.records.values()].map(({ id, ...attrs }) => [String(id), attrs]));
  return { told, kept, ledger };
}

it('[PE4] tells what the backend has in the end, and does each write once, whoever meets whom', async () => {
  let again = 0;
  for (let seed = 1; seed <= 30; seed++) {
    const { told, kept, ledger } = await run(seed);
    expect(told, `seed ${seed}`).toEqual(kept);
    expect([...ledger.effects.values()].every((times) => times === 1)).toBe(true);
    again += ledger.calls - ledger.effects.size;
  }
  // Or nobody has met anybody.
  expect(again).toBeGreaterThan(50);
});
