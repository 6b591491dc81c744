import { expect, it } from 'vitest';
import type { Receipt } from '../../src/protocol/receipt.ts';
import type { Answers } from '../../src/protocol/server-down.ts';
import { sqliteStore } from '../../src/server/stores/sqlite-store.ts';
import { Refusal } from '../../src/server.ts';
import { sent } from '../server/support/fake-peer.ts';
import { publicCore } from '../server/support/test-core.ts';

const MB = 1_048_576;

const told = (receipts: readonly Receipt[]) =>
  receipts.filter((receipt) => receipt.type === 'conflict' && receipt.current).length;

it.each([
  { who: 'the store', topic: '/tasks', size: 1 },
  { who: 'the store, of batches', topic: '/tasks', size: 2 },
  { who: 'the application', topic: '/judged', size: 1 },
])(
  '[LI23] tells by the conflicts of one push so much, and keeps no more of it: as $who says',
  async ({ topic, size }) => {
    const { core, peer } = await publicCore({ store: sqliteStore(':memory:') });
    core.resource('/judged', { public: true }).use('patch', () => {
      throw new Refusal('It is another', { code: 'conflict' });
    });
    await peer.push(sent('a:1', { topic, set: { text: 'x'.repeat(250_000) } }));
    const method = topic === '/judged' ? 'patch' : 'create';
    const pushOf = (name: string) =>
      Array.from({ length: 40 * size }, (_, n) => {
        const batch = size > 1 && { batch: { id: `${name}:${n - (n % size) + 1}`, size } };
        const record = n % size === 0 ? 'x' : `${name}${n}`;
        return sent(`${name}:${n + 1}`, { topic, record, method, set: { n }, base: 1, was: {}, ...batch });
      });
    const [one, other] = [pushOf('b'), pushOf('c')];
    for (const mutations of [one, other]) {
      const receipts = await peer.push(...mutations);
      expect(receipts.filter(({ type }) => type === 'conflict')).toHaveLength(40);
      expect(told(receipts)).toBe(17);
    }
    // What was told in two is not told in one.
    const both = [...one.slice(0, 17 * size), ...other.slice(0, 17 * size)];
    expect(told(await peer.push(...both))).toBe(17);
    const ids = both.map(({ mutation }) => mutation.id);
    const { receipts } = (await peer.ask('withdraw', { user: '', ids })) as Answers['withdraw'];
    expect([told(receipts), JSON.stringify(receipts).length < 5 * MB]).toEqual([17, true]);
    expect((await core.snapshot(topic as never)).rows).toHaveLength(1);
    await core.close();
  },
);
