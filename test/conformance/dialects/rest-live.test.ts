import { expect, it, onTestFinished } from 'vitest';
import { restWire } from '../../../src/hub/dialects/rest/rest-wire.ts';
import type { WireListener } from '../../../src/hub/dialects/wire.ts';
import type { Attributes } from '../../../src/protocol/attributes.ts';
import type { UserId } from '../../../src/protocol/ids.ts';
import { settle, VirtualClock } from '../../../src/testing/virtual-clock.ts';
import { READ, TASKS } from '../../dialects/wire-recorder.ts';
import { partsFor, served } from '../../dialects/with-servers.ts';
import { until } from '../../support/until.ts';
import { RestServer } from './rest-server.ts';

/** A link of the wire to a real server, by a clock that is turned. */
async function linked(options: Attributes) {
  const server = await served(new RestServer());
  const clock = new VirtualClock();
  const heard: unknown[] = [];
  const listener: WireListener = {
    opened: () => heard.push('opened'),
    closed: ({ type }) => heard.push(type),
    changed: (change) => heard.push(change),
    stale: (topic) => heard.push(topic),
    message: (type, content) => heard.push([type, content]),
  };
  const wire = restWire({ ...partsFor(server, options), clock });
  const connect = () => {
    const link = wire.connect({ user: 'ada' as UserId, token: null, device: '1' }, listener);
    onTestFinished(() => link.close());
    return link;
  };
  const link = connect();
  await settle();
  return { server, clock, heard, link, connect };
}

it('[DI17] looks at what is followed again and again, until it is released; what is not changed is not sent', async () => {
  const { server, clock, heard, link } = await linked({ poll: 10_000 });
  server.put('/tasks', { id: 1, title: 'A' });
  await link.follow?.(TASKS, {});
  const first = await link.call(READ);
  // The browser's own cache is asked to ask.
  expect(server.received.at(-1)?.headers).toMatchObject({ 'cache-control': 'max-age=0' });
  await clock.advance(10_000);
  expect(heard).toEqual(['opened', TASKS]);
  expect(await link.call(READ)).toBe(first);
  expect(server.received.at(-1)?.headers).toHaveProperty('if-none-match');
  server.put('/tasks', { id: 1, title: 'B' });
  expect((await link.call(READ)).content).toEqual([{ id: 1, title: 'B' }]);
  await clock.advance(20_000);
  expect(heard.length).toBeGreaterThanOrEqual(4);
  link.release?.(TASKS);
  const { length } = heard;
  await clock.advance(60_000);
  expect(heard).toHaveLength(length);
});

it('[DI17] takes what a stream of events says, and reads again what it says nothing of', async () => {
  const { server, heard, link } = await linked({ events: '/events' });
  link.follow?.(TASKS, {});
  // What has changed between a read that began with the follow and now, the stream does not say.
  await until(() => heard.includes(TASKS));
  server.put('/tasks', { id: 1, title: 'A' });
  server.drop('/tasks', 1);
  server.say('event: patch\ndata: {"topic":"/tasks",\ndata: "id":1,"record":{"title":"B"}}');
  server.say('event: change\ndata: {"topic":"/tasks"}');
  server.say(': nothing\nevent: change\ndata: something');
  server.say('event: news\ndata: {"text":"Hello"}');
  await until(() => heard.length === 8);
  const change = { topic: TASKS, record: 1 };
  expect(heard).toEqual([
    'opened',
    TASKS,
    { ...change, attrs: { title: 'A' }, whole: true },
    { ...change, attrs: null, whole: true },
    { ...change, attrs: { title: 'B' }, whole: false },
    TASKS,
    TASKS,
    ['news', { text: 'Hello' }],
  ]);
});

it('[DI17] opens a stream that has ended again, names the last event, and reads what may have been missed', async () => {
  const { server, clock, heard, link } = await linked({ events: '{topic}/events' });
  server.before = ({ url }, response) => {
    if (url !== '/tasks/events') return false;
    response.writeHead(200, { 'content-type': 'text/event-stream' }).write('retry: 20\nid: 7\n\n');
    if (server.received.filter((one) => one.url === url).length === 1) response.end();
    return true;
  };
  link.follow?.(TASKS, {});
  const streams = () => server.received.filter(({ url }) => url === '/tasks/events');
  await until(() => streams().length === 1);
  await until(() => {
    void clock.advance(100);
    return heard.filter((what) => what === TASKS).length === 2;
  });
  expect(streams()[1]?.headers['last-event-id']).toBe('7');
});

it('[DI18] counts as connected until a request has no answer, and then asks, ever more seldom', async () => {
  const { server, clock, heard, link, connect } = await linked({});
  expect(heard).toEqual(['opened']);
  await server.stop();
  await expect(link.call(READ)).rejects.toMatchObject({ code: 'unreachable' });
  expect(heard).toEqual(['opened', 'lost']);
  connect();
  await clock.advance(0);
  await until(() => heard.length === 3);
  connect();
  await until(() => {
    void clock.advance(1_000);
    return heard.length === 4;
  });
  expect(heard.slice(2)).toEqual(['lost', 'lost']);
  await server.start();
  connect();
  await until(() => {
    void clock.advance(1_000);
    return heard.length === 5;
  });
  expect(heard.at(-1)).toBe('opened');
});

it('[DI18] a request that alone has no answer takes nothing with it', async () => {
  const { server, heard, link } = await linked({});
  server.before = ({ url }, response) => {
    if (url === '/tasks') response.destroy();
    return url === '/tasks';
  };
  await expect(link.call(READ)).rejects.toMatchObject({ code: 'timeout' });
  expect(heard).toEqual(['opened']);
});
