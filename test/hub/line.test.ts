import { expect, it } from 'vitest';
import { HubWorld } from '../support/hub-world.ts';

it('[HB16] tries again with waits that grow up to a bound, for as long as it takes', async () => {
  const world = new HubWorld();
  world.server.up = false;
  const tab = await world.tab('tab1');
  await world.clock.advance(20_000);
  const first = world.server.hellos.length;
  expect(first).toBeGreaterThan(3);
  await world.clock.advance(600_000);
  const later = world.server.hellos.length - first;
  expect(later).toBeGreaterThan(20);
  expect(later).toBeLessThan(100);
  expect(tab.status).toMatchObject({ connection: 'waiting', reason: 'unreachable' });
});

it('[HB16] gives up an attempt to which nobody answers, and ignores what is still to come of it', async () => {
  const world = new HubWorld();
  const listeners: { opened: (welcome: never) => void }[] = [];
  const connect = world.server.connect.bind(world.server);
  world.server.connect = (_hello, listener) => {
    listeners.push(listener);
    return { request: () => new Promise(() => undefined), close: () => undefined };
  };
  const tab = await world.tab('tab1');
  await world.clock.advance(21_000);
  world.server.connect = connect;
  await world.clock.advance(31_000);
  expect(listeners.length).toBeGreaterThan(0);
  listeners[0]?.opened({
    protocol: 1,
    user: 'bob',
    node: '',
    number: 1,
    limits: world.server.limits,
  } as never);
  await world.settle();
  expect(tab.status).toMatchObject({ connection: 'open', reason: null });
});

it('[HB16] tries at once when a tab comes or is seen again, or when its user wants it', async () => {
  const world = new HubWorld();
  world.server.up = false;
  const tab = await world.tab('tab1');
  await world.clock.advance(600_000);
  const { length } = world.server.hellos;
  await world.tab('tab2');
  expect(world.server.hellos).toHaveLength(length + 1);
  await world.clock.advance(600_000);
  const later = world.server.hellos.length;
  tab.post({ type: 'visible', visible: true });
  await world.settle(0);
  expect(world.server.hellos).toHaveLength(later + 1);
  world.server.up = true;
  tab.post({ type: 'line', open: true });
  await world.settle();
  expect(tab.status).toMatchObject({ connection: 'open' });
});

it('[HB16] tries again as soon as ever where the clock has been set back meanwhile', async () => {
  const world = new HubWorld();
  world.server.up = false;
  await world.tab('tab1');
  await world.clock.advance(600_000);
  await world.tab('tab2');
  const now = world.clock.now.bind(world.clock);
  world.clock.now = () => now() - 86_400_000;
  await world.clock.advance(600_000);
  await world.tab('tab3');
  world.server.up = true;
  await world.clock.advance(2_000);
  const next = await world.tab('tab4');
  expect(next.status).toMatchObject({ connection: 'open' });
});

it('[OP7] stays away for as long as the server that hangs up says, and then comes back spread; the next time as ever', async () => {
  const world = new HubWorld();
  await world.tab('tab1');
  const { hellos } = world.server;
  world.server.leaving(10_000);
  await world.offline();
  world.server.up = true;
  const { length } = hellos;
  await world.clock.advance(9_500);
  expect(hellos).toHaveLength(length);
  await world.clock.advance(1_000);
  expect(hellos).toHaveLength(length + 1);
  await world.offline();
  world.server.up = true;
  await world.clock.advance(500);
  expect(hellos).toHaveLength(length + 2);
});

it('[HB16] asks another tab where one has no token, and waits for none that has none', async () => {
  const world = new HubWorld();
  await world.offline();
  const [without, withOne] = [await world.tab('tab1'), await world.tab('tab2')];
  without.token = null;
  withOne.token = 'good';
  await world.online();
  expect(world.server.hellos.at(-1)?.token).toBe('good');
  await world.offline();
  withOne.token = null;
  await world.online();
  expect(world.server.hellos.at(-1)?.token).toBe(null);
});

it('[HB21] tells why there is no connection: a code, and the sentence of the server', async () => {
  const world = new HubWorld();
  const message = 'The server speaks protocol 2.';
  const tab = await world.tab('tab1');
  world.server.refuse('protocol', message);
  await world.settle(60);
  expect(tab.status).toMatchObject({ connection: 'paused', reason: 'protocol', message });
  await world.clock.advance(31_000);
  world.server.refuse('retry', 'Later.');
  await world.settle(60);
  expect(tab.status).toMatchObject({ connection: 'waiting', reason: 'retry', message: 'Later.' });
});

it('[HB16] leaves the line closed when a tab comes, where the user closed it', async () => {
  const world = new HubWorld();
  const tab = await world.tab('tab1');
  tab.post({ type: 'line', open: false });
  await world.settle();
  const other = await world.tab('tab2');
  expect(other.status).toMatchObject({ connection: 'closed' });
});
