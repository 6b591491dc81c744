import { afterEach, expect, it } from 'vitest';
import { systemClock } from '../../src/base/clock.ts';
import { socketConnection } from '../../src/hub/adapters/socket-connection.ts';
import type { Receipt } from '../../src/protocol/receipt.ts';
import type { Requests } from '../../src/protocol/server-up.ts';
import { tabLock } from '../../src/protocol/tab-terms.ts';
import { portPair } from '../../src/testing/port-pair.ts';
import { hello, tabEnd } from '../adapters/tab-end.ts';
import { LiveServer } from '../server/support/live-server.ts';
import { HubWorld } from '../support/hub-world.ts';
import { mutationOf } from '../support/mutations.ts';

let server: LiveServer | null = null;
afterEach(async () => {
  await server?.end();
  server = null;
});

const writes = (count: number) =>
  Array.from({ length: count }, (_, n) => ({ record: `r${n}`, method: 'create' as const, set: { n } }));

it('[LI9] waits as long as the server says with all that it holds, and goes on', async () => {
  const world = new HubWorld();
  const tab = await world.tab('tab1');
  let left = 10;
  world.server.on('push', ({ mutations }: Requests['push']) => {
    const receipts = mutations.map(({ mutation: { id } }): Receipt => {
      if (left-- > 0) return { type: 'applied', ids: [id], offset: 1 };
      return { type: 'retry', ids: [id], code: 'rate', message: 'slowly', after: 10_000 };
    });
    return { receipts, number: 1 };
  });
  tab.write(...writes(60));
  await world.clock.advance(9_000);
  expect(world.server.pushes.length).toBe(1);
  expect(tab.status).toMatchObject({ pending: 50, rejected: 0 });
  left = 10_000;
  await world.clock.advance(5_000);
  expect(tab.status).toMatchObject({ pending: 0, rejected: 0 });
});

it('[LI9] has a hub lose nothing, and do nothing twice, that writes faster than it may', async () => {
  server = await LiveServer.start({ rates: { writes: 60 } });
  const judged: string[] = [];
  server.medulla.resource('/tasks', { public: true }).use('create', async ({ record }, next) => {
    judged.push(String(record));
    await next();
  });
  const world = new HubWorld();
  const log = () => undefined;
  const connection = socketConnection({ server: server.url, path: '/socket.io', log });
  const hub = world.start({ connection, clock: systemClock, log });
  const [near, far] = portPair();
  await world.locks.hold(tabLock(hello.tab));
  hub.attach(far);
  const tab = tabEnd(near);
  tab.say(hello);
  const mutations = writes(200).map((init, n) => mutationOf({ ...init, tab: hello.tab, n: n + 1 }));
  tab.say({ type: 'writes', writes: mutations.map((mutation) => ({ mutation })) });
  const held = await tab.first('batch', ({ status }) => status?.pending === 200);
  await tab.first('batch', ({ batch, status }) => batch > held.batch && status?.pending === 0);
  const { topics } = await server.medulla.snapshot(['/tasks']);
  expect(topics[0]?.snapshot.rows).toHaveLength(200);
  expect([judged.length, new Set(judged).size]).toEqual([200, 200]);
  await hub.close();
}, 20_000);
