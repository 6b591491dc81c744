import { describe, expect, it } from 'vitest';
import { MedullaError } from '../../src/protocol/errors.ts';
import type { Receipt } from '../../src/protocol/receipt.ts';
import type { RawTab } from '../support/raw-tab.ts';
import { a, b, batchOf, decide, refusing, restart, told, world } from './with-batches.ts';

describe('taken', () => {
  it('[BA5] a batch is on the disk whole, and refused whole', async () => {
    const { w, tab } = await world();
    await w.offline();
    tab.write(...batchOf(tab, a({ x: 1 }), b({ x: 1 })));
    tab.write(...batchOf(tab, a({ x: 2 }), { ...b({ x: 2 }), user: 'eve' as never }));
    await w.settle();
    expect(w.onDisk).toEqual(['tab1:1', 'tab1:2']);
    expect(told(tab, 1, 2, 3, 4)).toEqual(['queued', 'queued', 'failed wrong-user', 'failed wrong-user']);
  });

  it('[BA5] is not taken where a part of it is missing, or where no push could carry it', async () => {
    const { w, tab } = await world();
    w.server.limits = { ...w.server.limits, batch: 2, bytes: 2_000 };
    await w.offline();
    await w.online();
    tab.write(...batchOf(tab, a(), b(), a()).slice(1));
    tab.write(...batchOf(tab, a(), b(), a()));
    tab.write(...batchOf(tab, a({ x: 'x'.repeat(700) }), b()));
    await w.settle();
    expect(told(tab, 1, 2)).toEqual(['failed bad-message', 'failed bad-message']);
    expect(told(tab, 3, 4, 5)).toEqual(Array(3).fill('failed too-large'));
    expect(told(tab, 6, 7)).toEqual(Array(2).fill('failed too-large'));
    expect(w.server.pushes).toEqual([]);
  });

  it('[BA5] is not queued where one of it is not to be', async () => {
    const { w, tab } = await world();
    const go = w.server.hold('push');
    tab.write(...batchOf(tab, a({ x: 1 }), b()).map((one, i) => (i ? { ...one, queue: false } : one)));
    await w.settle();
    await w.offline();
    go();
    expect(told(tab, 1, 2)).toEqual(Array(2).fill('failed unreachable'));
    expect(w.onDisk).toEqual([]);
  });
});

describe('ended', () => {
  it('[BA6] is refused as one, and counted once', async () => {
    const { w, tab, other } = await world();
    refusing(w);
    tab.write(...batchOf(tab, a({ title: 'X' }), b({ bad: 1 })));
    await w.settle();
    expect(tab.status).toMatchObject({ rejected: 1, pending: 0 });
    expect([other.seen('a'), other.state('a'), other.state('b')]).toEqual([
      { title: 'A' },
      'rejected',
      'rejected',
    ]);
    expect(w.onDisk).toEqual(['tab1:1', 'tab1:2']);
  });

  it('[BA6] waits and is offered as one, its attempts counted once', async () => {
    const { w, tab } = await world();
    w.server.on('push', ({ mutations }) => ({
      receipts: mutations.map(({ mutation: { id } }): Receipt => {
        return { type: 'retry', ids: [id], code: 'retry', message: 'later', after: 10 };
      }),
      number: 1,
    }));
    tab.write(...batchOf(tab, a(), b()));
    await w.clock.advance(600_000);
    expect(new Set(w.server.pushes.map((push) => push.join()))).toEqual(new Set(['tab1:1,tab1:2']));
    expect(w.server.pushes).toHaveLength(12);
    expect(tab.outbox.get('tab1:2')).toMatchObject({ state: 'rejected', attempts: 12 });
    w.server.on('push', null);
    decide(tab, 'tab1:2', 'retry');
    await w.settle();
    expect(w.server.pushes.at(-1)).toEqual(['tab1:1', 'tab1:2']);
    expect(tab.status).toMatchObject({ rejected: 0, pending: 0 });
  });

  it('[BA6] is offered as one where no push with it is ever answered, and holds up nobody', async () => {
    const { w, tab } = await world();
    w.server.on('push', ({ mutations }, next) => {
      if (!mutations.some(({ mutation }) => mutation.batch)) return next();
      throw new Error('cannot');
    });
    tab.write({ record: 'c', method: 'create' }, ...batchOf({ id: tab.id, n: 1 } as RawTab, a(), b()));
    await w.clock.advance(600_000);
    expect(told(tab, 1, 2, 3)).toEqual(['settled applied', 'settled retry', 'settled retry']);
  });

  it('[OB13] is offered at once where it is larger than a limit that was lowered meanwhile', async () => {
    const { w, tab } = await world();
    let most = 1;
    w.server.on('push', ({ mutations }, next) => {
      if (mutations.length > most) throw new MedullaError('too-large', `${most} at most`);
      return next();
    });
    tab.write({ record: 'c', method: 'create' }, ...batchOf({ id: tab.id, n: 1 } as RawTab, a(), b()));
    await w.clock.advance(60_000);
    expect(told(tab, 1, 2, 3)).toEqual(['settled applied', 'settled retry', 'settled retry']);
    expect(w.server.pushes.filter((push) => push.join() === 'tab1:2,tab1:3')).toHaveLength(1);
    const item = { state: 'rejected', receipt: { code: 'too-large', message: '1 at most' } };
    expect(tab.outbox.get('tab1:2')).toMatchObject({ ...item, attempts: 0 });
    tab.write(...batchOf(tab, { record: 'd' }, { record: 'e' }).map((one) => ({ ...one, queue: false })));
    await w.settle();
    expect(told(tab, 4, 5)).toEqual(Array(2).fill('failed too-large'));
    most = 2;
    decide(tab, 'tab1:3', 'retry');
    await w.settle();
    expect(tab.status).toMatchObject({ rejected: 0, pending: 0 });
  });
});

it('[BA8] a later write takes the place of one of a refused batch; the rest is a batch without it', async () => {
  const { w, tab } = await world();
  refusing(w);
  tab.write(...batchOf(tab, a({ title: 'X' }), b({ bad: 1 }), { record: 'c', method: 'create' }));
  await w.settle();
  tab.write(b({ title: 'Y' }));
  await w.settle();
  expect(tab.status?.rejected).toBe(1);
  expect(w.onDisk).toEqual(['tab1:1', 'tab1:3']);
  expect(tab.outbox.get('tab1:3')?.mutation.batch).toEqual({ id: 'tab1:1', size: 2 });
  decide(tab, 'tab1:3', 'retry');
  await w.settle();
  expect(w.server.requests('push').at(-1)?.mutations).toMatchObject([
    { mutation: { record: 'a', batch: { size: 2 } } },
    { mutation: { record: 'c', batch: { size: 2 } } },
  ]);
  expect(w.onDisk).toEqual([]);
});

describe('after a restart', () => {
  it('[BA9] is whole, and goes whole', async () => {
    const { w, tab } = await world();
    await w.offline();
    tab.write(...batchOf(tab, a({ x: 1 }), b({ x: 1 })));
    await w.settle();
    await restart(w, tab);
    await w.online();
    expect(w.server.pushes).toEqual([['tab1:1', 'tab1:2']]);
  });

  it('[BA9] is offered to its user where a part of it is not there', async () => {
    const { w, tab } = await world();
    await w.offline();
    tab.write(...batchOf(tab, a({ x: 1 }), b({ x: 1 }), { record: 'c', method: 'create' }));
    await w.settle();
    w.disk.rows.outbox.delete(2);
    await restart(w, tab);
    const next = await w.tab('tab3');
    next.post({ type: 'watch' });
    await w.online();
    expect([w.server.pushes, next.status?.rejected]).toEqual([[], 1]);
    decide(next, 'tab1:1', 'retry');
    await w.settle();
    expect(w.server.requests('push').at(-1)?.mutations).toMatchObject([
      { mutation: { id: 'tab1:1', batch: { size: 2 } } },
      { mutation: { id: 'tab1:3', batch: { size: 2 } } },
    ]);
  });

  it('[BA9] repeated by its tab, goes with what of it has its receipt', async () => {
    const { w, tab } = await world();
    w.server.echo = 'never';
    const writes = batchOf(tab, a({ x: 1 }), b({ x: 1 }));
    tab.write(...writes);
    await w.settle();
    w.disk.rows.outbox.delete(2);
    w.start();
    const again = await w.tab('tab1');
    again.write(...writes.map((one, i) => ({ ...one, n: i + 1, repeated: true })));
    await w.settle();
    expect(told(again, 1, 2)).toEqual(['settled applied', 'settled applied']);
  });
});
