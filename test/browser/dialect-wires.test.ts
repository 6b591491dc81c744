import { afterAll, beforeAll, expect, it } from 'vitest';
import { BackboneIoServer } from '../conformance/dialects/backboneio-server.ts';
import { EventsServer } from '../conformance/dialects/events-server.ts';
import { SignatureServer } from '../conformance/dialects/signature-server.ts';
import { NativeServer } from '../conformance/dialects/websocket-server.ts';
import { seen } from '../support/browser/seen.ts';
import { World } from '../support/browser/world.ts';

let world: World;
beforeAll(async () => {
  world = await World.open();
});
afterAll(() => world.close());

const SERVERS = {
  events: () => new EventsServer(),
  signature: () => new SignatureServer(),
  backboneio: () => new BackboneIoServer('cards'),
  websocket: () => new NativeServer(),
};

it.each(Object.entries(SERVERS))(
  '[DW11] two tabs speak %s through one socket of their worker, also what was written while the server was away',
  async (name, make) => {
    const server = make();
    await server.start();
    const options = { host: 'shared', server: server.url, dialect: { name } };
    const tabs = [await world.tab(options), await world.tab(options)] as const;
    const [first] = tabs;
    await first.evaluate(() => t.create({ title: 'one' }));
    for (const tab of tabs) await seen(tab, () => t.attr('1', 'title') === 'one');
    expect(server.sockets).toBe(1);
    await server.stop();
    await first.evaluate(() => t.create({ title: 'two' }));
    await seen(first, () => t.status().pending === 1 && t.status().connection === 'waiting');
    await server.start();
    for (const tab of tabs) await seen(tab, () => t.attr('2', 'title') === 'two');
    expect(server.records('/cards').map(({ title }) => title)).toEqual(['one', 'two']);
    for (const tab of tabs) await tab.close();
    await server.stop();
    expect(world.complaints).toEqual([]);
  },
);
