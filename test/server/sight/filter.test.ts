import { describe, expect, it } from 'vitest';
import type { Attributes } from '../../../src/protocol/attributes.ts';
import type { Entry, Row } from '../../../src/protocol/change.ts';
import { settle } from '../../../src/testing/virtual-clock.ts';
import { FakePeer, sent, TASKS } from '../support/fake-peer.ts';
import { layOn } from '../support/lay-on.ts';
import { testCore } from '../support/test-core.ts';

const next = { base: 'previous' } as const;

/** Each sees what is theirs or nobody's, and may do everything with what they see. */
async function world() {
  const { core, logged } = testCore({ page: { rows: 2 } });
  const tasks = core.resource('/tasks', {
    public: true,
    filter: ({ owner }, { user }) => owner === user || owner === undefined,
  });
  const [ann, bob] = [await FakePeer.connect(core, 'ann'), await FakePeer.connect(core, 'bob')];
  return { core, tasks, ann, bob, logged };
}

const as = (peer: FakePeer, id: string, fields: object) => sent(id, { user: peer.user, ...fields });

/** What a hub makes of it. */
class Shown {
  readonly records = new Map<string, Attributes>();
  constructor(rows: readonly Row[] = []) {
    for (const [id, , attrs] of rows) this.records.set(String(id), attrs);
  }
  lay(entries: readonly Entry[]): this {
    for (const entry of entries) layOn(this.records, String(entry[0]), entry);
    return this;
  }
}

describe('a resource with a filter', () => {
  it('[PE8] shows each only theirs: in snapshots and their pages, in reads, and to the application that renders', async () => {
    const { core, tasks, ann, bob } = await world();
    const owners = ['ann', 'bob', 'bob', 'ann', 'bob', 'ann'];
    await tasks.publish(owners.map((owner, n) => ({ record: n, set: { owner } })));
    const followed = await ann.begin();
    const rows = [...followed.rows];
    for (let { next: after } = followed; after !== null; ) {
      const page = (await ann.ask('page', { topic: TASKS, at: followed.cursor, after })) as typeof followed;
      rows.push(...page.rows);
      after = page.next;
    }
    expect(rows.map(([id]) => id)).toEqual([0, 3, 5]);
    expect(await bob.ask('read', { topic: TASKS })).toMatchObject({
      rows: [
        [1, 2],
        [2, 3],
        [4, 5],
      ].map((row) => [...row, { owner: 'bob' }]),
    });
    expect(await bob.ask('read', { topic: TASKS, query: { owner: 'ann' } })).toMatchObject({ rows: [] });
    expect([await bob.record(0), await ann.record(0)]).toEqual([null, { owner: 'ann' }]);
    expect((await core.snapshot(TASKS, bob.session)).rows.map(([id]) => id)).toEqual([1, 2, 4]);
    expect((await core.snapshot(TASKS)).rows.length).toBe(6);
  });

  it('[PE8] tells what enters and leaves as it happens, and of what is hidden the offset alone', async () => {
    const { tasks, ann, bob } = await world();
    await ann.follow();
    await bob.follow();
    await ann.push(as(ann, 'a:1', { record: 1, set: { owner: 'ann', n: 1 } }));
    for (const change of [{ set: { n: 2 } }, { set: { owner: 'bob' } }, { deleted: true } as const]) {
      await tasks.publish({ record: 1, ...change });
      await settle();
    }
    const heard = ({ changes }: FakePeer) =>
      changes.map(({ from, to, entries, ...rest }) => [from, to, entries, 'images' in rest]);
    expect(heard(ann)).toEqual([
      [0, 1, [[1, 1, { owner: 'ann', n: 1 }, '*', ['a:1']]], false],
      [1, 2, [[1, 2, { n: 2 }]], false],
      [2, 3, [[1, 3, null]], false],
      [3, 4, [], false],
    ]);
    expect(heard(bob)).toEqual([
      [0, 1, [], false],
      [1, 2, [], false],
      [2, 3, [[1, 3, { owner: 'bob', n: 2 }, '*']], false],
      [3, 4, [[1, 4, null]], false],
    ]);
  });

  it('[PE8] tells who was away the same, and nothing of what they never saw', async () => {
    const { tasks, ann } = await world();
    await tasks.publish([
      { record: 'stays', set: { owner: 'ann' } },
      { record: 'leaves', set: { owner: 'ann' } },
      { record: 'enters', set: { owner: 'bob', n: 1 } },
      { record: 'hidden', set: { owner: 'bob' } },
      { record: 'gone', set: { owner: 'bob' } },
    ]);
    const { cursor } = await ann.begin(TASKS, null, false);
    await tasks.publish([
      { record: 'stays', set: { n: 2 } },
      { record: 'leaves', set: { owner: 'bob' } },
      { record: 'leaves', set: { n: 2 } },
      { record: 'enters', set: { owner: 'ann' } },
      { record: 'hidden', set: { n: 2 } },
      { record: 'gone', deleted: true },
      { record: 'passed', set: { owner: 'ann' } },
      { record: 'passed', deleted: true },
    ]);
    expect(await ann.follow(TASKS, cursor)).toMatchObject({
      type: 'changes',
      changes: {
        from: 5,
        to: 13,
        entries: [
          ['stays', 6, { n: 2 }],
          ['leaves', 8, null],
          ['enters', 9, { owner: 'ann', n: 1 }, '*'],
          // It was to be seen for a while.
          ['passed', 13, null],
        ],
      },
    });
  });

  it('[PE8] begins anew for who was away where the log does not know what was seen', async () => {
    const { core } = testCore();
    const open = core.resource('/tasks', { public: true });
    const ann = await FakePeer.connect(core, 'ann');
    const { cursor } = await ann.begin(TASKS, null, false);
    await open.publish({ record: 1, set: { owner: 'bob' } });
    // As after a deploy: what was written before the filter came has no images.
    Object.assign(open.options, { filter: ({ owner }: Attributes) => owner === 'ann' });
    expect(await ann.follow(TASKS, cursor)).toMatchObject({
      type: 'snapshot',
      rows: [],
    });
  });

  it('[PE9] lets nobody touch what they do not see, nor learn what it is', async () => {
    const { core, tasks, ann, bob } = await world();
    await tasks.publish({ record: 1, set: { owner: 'ann', secret: 1 } });
    const receipts = await bob.push(
      as(bob, 'b:1', { record: 1, method: 'patch', set: { n: 1 }, base: 1 }),
      as(bob, 'b:2', { record: 1, method: 'delete', base: 1 }),
      as(bob, 'b:3', { record: 1, set: { owner: 'bob' } }),
      as(bob, 'b:4', { record: 1, method: 'update', set: { owner: 'bob' } }),
    );
    expect(receipts.map(({ type }) => type)).toEqual(['gone', 'gone', 'forbidden', 'gone']);
    expect(JSON.stringify(receipts)).not.toContain('secret');
    expect((await core.snapshot(TASKS)).rows).toEqual([[1, 1, { owner: 'ann', secret: 1 }]]);
    expect(await ann.types(as(ann, 'a:1', { record: 1, method: 'patch', set: { n: 1 }, base: 1 }))).toEqual([
      'applied',
    ]);
  });

  it('[PE9] lets somebody hand over what they see, and tells them that it is gone', async () => {
    const { ann, bob } = await world();
    await ann.follow();
    await ann.push(
      as(ann, 'a:1', { record: 1, set: { owner: 'ann' } }),
      as(ann, 'a:2', { record: 1, method: 'patch', set: { owner: 'bob' }, ...next }),
      as(ann, 'a:3', { record: 1, method: 'patch', set: { n: 1 }, ...next }),
    );
    await settle();
    const shown = new Shown().lay(ann.changes.flatMap(({ entries }) => entries));
    expect([...shown.records]).toEqual([]);
    expect(await bob.record(1)).toEqual({ owner: 'bob' });
    expect(ann.changes.at(-1)?.to).toBe(2);
  });

  it('[PE9] tells no others what a write is about: neither notices nor silent writes', async () => {
    const { core, tasks, ann, bob } = await world();
    tasks.use('create', async (ctx, go) => {
      ctx.silent().notify();
      await go();
    });
    await ann.follow();
    await bob.follow();
    await ann.push(as(ann, 'a:1', { record: 1, set: { owner: 'ann' } }));
    await ann.push(as(ann, 'a:2', { record: 2, set: { owner: 'bob' } }));
    expect(ann.changes.map(({ to, entries }) => [to, entries.length])).toEqual([
      [1, 1],
      [2, 0],
    ]);
    expect(bob.heard.filter(({ name }) => name !== 'welcome')).toEqual([]);
    const carl = await FakePeer.connect(core, 'carl');
    await carl.push(as(carl, 'c:1', { record: 3, set: { owner: 'bob' } }));
    expect(carl.changes).toEqual([]);
  });
});
