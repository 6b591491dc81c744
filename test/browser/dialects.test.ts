import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { RestServer } from '../conformance/dialects/rest-server.ts';
import { seen } from '../support/browser/seen.ts';
import { SERVICE_WORKER_PATHS } from '../support/browser/service-workers.ts';
import { World } from '../support/browser/world.ts';
import { until } from '../support/until.ts';

let world: World;
let server: RestServer;

beforeAll(async () => {
  world = await World.open({ paths: SERVICE_WORKER_PATHS });
});
afterAll(() => world.close());
beforeEach(async () => {
  server = new RestServer();
  await server.start();
  // The pages are of another origin.
  server.before = ({ method }, response) => {
    for (const what of ['Origin', 'Headers', 'Methods'])
      response.setHeader(`Access-Control-Allow-${what}`, '*');
    if (method === 'OPTIONS') response.end();
    return method === 'OPTIONS';
  };
});
afterEach(async () => {
  await server.stop();
});

const titles = () => server.records('/cards').map(({ title }) => title);

it.each(['shared', 'leader', 'service', 'page'])(
  '[DI20] a dialect runs with its outbox, its replica and all tabs where the hub is in the %s',
  async (host) => {
    const options = { host, server: server.url, dialect: { name: 'rest', events: '/events' } };
    const first = await world.tab(options);
    const others = host === 'page' ? [] : [await world.tab(options)];
    const tabs = [first, ...others];
    expect(await first.evaluate(() => t.status().host)).toBe(host);
    await first.evaluate(() => t.create({ title: 'one' }));
    for (const tab of tabs) await seen(tab, () => t.attr('1', 'title') === 'one');
    await server.stop();
    await first.evaluate(() => t.create({ title: 'two' }));
    await seen(first, () => t.status().pending === 1 && t.status().connection === 'waiting');
    await server.start();
    for (const tab of tabs) await seen(tab, () => t.attr('2', 'title') === 'two');
    server.put('/cards', { id: 1, title: 'by another' });
    for (const tab of tabs) await seen(tab, () => t.attr('1', 'title') === 'by another');
    expect(titles()).toEqual(['by another', 'two']);
    // It is opened again when the server is: what is told before that is read.
    await until('one stream for all tabs', () => server.streams === 1);
    for (const tab of tabs) await tab.close();
    expect(world.complaints).toEqual([]);
  },
);
