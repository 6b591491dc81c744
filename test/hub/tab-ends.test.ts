import { describe, expect, it } from 'vitest';
import { mutationId, type TabId } from '../../src/protocol/ids.ts';
import { tabLock } from '../../src/protocol/tab-terms.ts';
import { portPair } from '../../src/testing/port-pair.ts';
import { HubWorld } from '../support/hub-world.ts';
import { mutationOf, TOPIC } from '../support/mutations.ts';
import { RawTab } from '../support/raw-tab.ts';

async function twoTabs() {
  const world = new HubWorld();
  world.server.note(TOPIC, 'a', { title: 'A' });
  const [tab, other] = [await world.tab('tab1'), await world.tab('tab2')];
  for (const one of [tab, other]) one.follow();
  await world.settle();
  for (const one of [tab, other]) {
    one.values.length = 0;
    one.batches.length = 0;
  }
  return { world, server: world.server, tab, other };
}

describe('a tab that goes', () => {
  it('[HB7] is noticed by its lock; its follows end, and what it handed over goes on', async () => {
    const { world, server, tab, other } = await twoTabs();
    other.post({ type: 'release', topic: TOPIC });
    await world.offline();
    tab.write({ record: 'a', base: 1, set: { title: 'B' } });
    await world.settle();
    world.locks.free(tabLock(tab.id));
    await world.settle();
    await world.online();
    expect(server.isLive(TOPIC)).toBe(false);
    expect(server.rows(TOPIC)[0]?.[2]).toEqual({ title: 'B' });
  });

  it('[HB7] is not asked for a token', async () => {
    const { world, tab, other } = await twoTabs();
    tab.post({ type: 'goodbye' });
    tab.silent = true;
    other.token = 'other';
    await world.offline();
    await world.online();
    expect(world.server.hellos.at(-1)?.token).toBe('other');
  });
});

describe('the token', () => {
  it('[HB8] is asked for at each connect, and the first answer counts', async () => {
    const { world, tab, other } = await twoTabs();
    tab.silent = true;
    other.token = 'second';
    await world.offline();
    await world.online();
    expect(world.server.hellos.map(({ token }) => token).slice(-1)).toEqual(['second']);
    expect(world.server.hellos[0]).toEqual({ user: 'ann', token: 'token', device: 'device1' });
  });

  it('[HB8] is gone without after a while where no tab answers', async () => {
    const world = new HubWorld();
    const [near, far] = portPair();
    const tab = new RawTab('tab1', near);
    tab.silent = true;
    world.hub.attach(far);
    tab.hello();
    await world.clock.advance(2_900);
    expect(world.server.hellos).toEqual([]);
    await world.clock.advance(200);
    expect(world.server.hellos).toMatchObject([{ token: null }]);
  });

  it('[HB8] is asked for again where the server refuses the connection', async () => {
    const { world, server, tab } = await twoTabs();
    server.refuse('unauthorized');
    tab.token = 'fresh';
    await world.clock.advance(31_000);
    expect(server.hellos.at(-1)?.token).toBe('fresh');
    expect(tab.status).toMatchObject({ connection: 'open' });
  });
});

describe("the user's switch", () => {
  it('[HB9] closes the line and opens it again; meanwhile writes are kept', async () => {
    const { world, tab } = await twoTabs();
    tab.post({ type: 'line', open: false });
    tab.write({ record: 'a', base: 1, set: { title: 'B' } });
    await world.clock.advance(120_000);
    expect(tab.status).toMatchObject({ connection: 'closed', pending: 1 });
    expect(tab.story(1)).toEqual(['queued']);
    tab.post({ type: 'line', open: true });
    await world.settle();
    expect(tab.story(1)).toEqual(['queued', 'settled applied']);
  });
});

describe('what does not parse', () => {
  it('[HB10] is dropped and logged, and nothing after it', async () => {
    const { world, tab } = await twoTabs();
    for (const message of [
      null,
      7,
      'hello',
      {},
      { type: 'nonsense' },
      { type: 'read', request: 'x' },
      { type: 'writes', writes: 3 },
    ])
      tab.port.post(message);
    tab.write({ record: 'a', base: 1, set: { title: 'B' } });
    await world.settle();
    expect(tab.story(1)).toContain('settled applied');
    expect(world.logged.filter((event) => event === 'bad-message')).toHaveLength(7);
  });

  it('[HB10] is dropped before hello', async () => {
    const world = new HubWorld();
    const [near, far] = portPair();
    const tab = new RawTab('tab1', near);
    world.hub.attach(far);
    tab.follow();
    tab.hello();
    await world.settle();
    expect(tab.messages.some(({ type }) => type === 'welcome')).toBe(true);
    expect(world.logged).toContain('no-hello');
  });

  it('[HB11] fails alone among good writes', async () => {
    const { world, tab } = await twoTabs();
    const good = (n: number) => ({ mutation: mutationOf({ n, record: `r${n}`, set: { n } }) });
    const bad = { mutation: { ...mutationOf({ n: 2 }), set: JSON.parse('{"__proto__": {"x": 1}}') } };
    tab.port.post({ type: 'writes', writes: [good(1), bad, good(3)] });
    await world.settle();
    expect([1, 2, 3].map((n) => tab.story(n).at(-1))).toEqual([
      'settled applied',
      'failed bad-attribute',
      'settled applied',
    ]);
    expect(tab.batches.at(-1)?.n).toBe(3);
  });

  it('[HB11] answers a read that does not parse, with what is wrong', async () => {
    const { world, tab } = await twoTabs();
    tab.port.post({
      type: 'read',
      request: 7,
      topic: '/cards',
      cache: 'network',
      query: { constructor: 'x' },
    });
    tab.port.post({ type: 'read', request: 8, topic: 9, cache: 'network' });
    await world.settle();
    expect([tab.answers.get(7), tab.answers.get(8)]).toMatchObject([
      { type: 'failed', code: 'bad-attribute', message: expect.stringContaining('a key named constructor') },
      { type: 'failed', code: 'bad-message', message: expect.stringContaining('topic is not text') },
    ]);
  });

  it('[HB11] fails alone where its id is not one of its tab, and harms no batch', async () => {
    const { world, tab, other } = await twoTabs();
    const id = (text: string) => ({ mutation: { ...mutationOf({ set: { x: 1 } }), id: text } });
    tab.port.post({
      type: 'writes',
      writes: [id('nonsense'), id('tab1:x'), id(mutationId('tab2' as TabId, 9)), id('tab1:1')],
    });
    tab.port.post({ type: 'writes', writes: [id('nonsense'), { mutation: { id: 'tab1:-1' } }] });
    await world.settle();
    expect(tab.story(1).at(-1)).toBe('settled applied');
    expect([other.settlements, world.server.pushes]).toEqual([[], [['tab1:1']]]);
    expect(tab.batches.every(({ n }) => Number.isSafeInteger(n))).toBe(true);
  });
});
