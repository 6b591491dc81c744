import { request } from 'node:http';
import { afterEach, expect, it } from 'vitest';
import type { Answers } from '../../src/protocol/server-down.ts';
import { FakePeer, handshake, sent } from '../server/support/fake-peer.ts';
import { LiveServer, next } from '../server/support/live-server.ts';
import { publicCore } from '../server/support/test-core.ts';
import { RawSocket } from './raw-socket.ts';

let server: LiveServer | null = null;
afterEach(async () => {
  await server?.end();
  server = null;
});

const nested = (depth: number): string => `${'['.repeat(depth)}1${']'.repeat(depth)}`;

it.each(['websocket', 'polling'])(
  '[LI1] ends a connection by %s that sends a message which is too large, and no other',
  async (transport) => {
    server = await LiveServer.start({ limits: { bytes: 10_000 } });
    server.medulla.resource('/tasks', { public: true });
    const [ann, bob] = await Promise.all([
      server.connect('ann', [transport]),
      server.connect('bob', [transport]),
    ]);
    const ended = next(ann.socket, 'disconnect');
    ann.socket.emit('read', { topic: '/tasks', more: 'x'.repeat(20_000) });
    await ended;
    expect(await bob.socket.emitWithAck('read', { topic: '/tasks' })).toMatchObject({ rows: [] });
    expect([...server.medulla.sessions].map(({ user }) => user)).toEqual(['bob']);
  },
);

it('[LI1] answers a body that is too large with 413, also one whose length is not said before', async () => {
  server = await LiveServer.start({ limits: { bytes: 10_000 } });
  const { url } = server;
  const headers = { 'content-type': 'application/json', 'transfer-encoding': 'chunked' };
  const said = await new Promise<unknown[]>((resolve, reject) => {
    const posted = request(`${url}/medulla/push`, { method: 'POST', headers }, (response) => {
      const parts: Buffer[] = [];
      response.on('data', (part) => parts.push(part));
      response.on('end', () => resolve([response.statusCode, JSON.parse(String(Buffer.concat(parts)))]));
    });
    posted.on('error', reject);
    posted.write('x'.repeat(20_000));
  });
  expect(said).toMatchObject([413, { refused: { code: 'too-large' } }]);
});

it('[LI2] refuses a push of too many mutations whole, so that a smaller one can be tried', async () => {
  const { peer } = await publicCore({ limits: { batch: 2 } });
  const mutations = [1, 2, 3].map((n) => sent(`a:${n}`, { record: `r${n}` }));
  expect(await peer.ask('push', { user: '', mutations })).toMatchObject({ refused: { code: 'too-large' } });
  expect(await peer.types(...mutations.slice(0, 2))).toEqual(['applied', 'applied']);
});

it('[LI3] refuses a record that would become too large, and keeps it as it is', async () => {
  const { peer } = await publicCore({ limits: { record: 50 } });
  const grown = sent('a:2', { method: 'update', base: 'previous', set: { more: 'x'.repeat(30) } });
  const receipts = await peer.push(sent('a:1', { set: { title: 'x'.repeat(20) } }), grown);
  expect(receipts).toMatchObject([{ type: 'applied' }, { type: 'invalid', code: 'too-large' }]);
  expect(await peer.record('x')).toEqual({ title: 'x'.repeat(20) });
});

it('[LI4] takes what is nested 64 deep, and refuses what is deeper by itself', async () => {
  server = await LiveServer.start();
  server.medulla.resource('/tasks', { public: true });
  const raw = await RawSocket.join(server.url);
  const deep = (id: string, depth: number) =>
    JSON.stringify(sent(id, { record: id, set: { deep: 'DEEP' } })).replace('"DEEP"', nested(depth));
  const mutations = [deep('a:1', 63), deep('a:2', 64), deep('a:3', 100_000), JSON.stringify(sent('a:4'))];
  const { receipts } = (await raw.ask('push', `{"user":"","mutations":[${mutations}]}`)) as Answers['push'];
  expect(receipts).toMatchObject([
    { type: 'applied' },
    { type: 'invalid', code: 'bad-attribute' },
    { type: 'invalid', code: 'bad-attribute', ids: ['a:3'] },
    { type: 'applied' },
  ]);
});

it('[LI4] refuses what is nested too deep wherever a client may nest', async () => {
  server = await LiveServer.start();
  server.medulla.resource('/tasks', { public: true });
  const raw = await RawSocket.join(server.url);
  const code = async (name: string, message: object) => {
    const text = JSON.stringify(message).replace('"DEEP"', `{"a":${nested(100_000)}}`);
    return ((await raw.ask(name, text)) as { refused?: { code: string } }).refused?.code;
  };
  expect(await code('message', { content: 'DEEP' })).toBe('bad-attribute');
  expect(await code('read', { topic: '/tasks', query: 'DEEP' })).toBe('bad-message');
  const follow = { topic: '/tasks', cursor: null, live: true, options: 'DEEP' };
  expect(await code('follow', { topics: [follow] })).toBe('bad-message');
  expect(await code('withdraw', { user: '', ids: ['DEEP'] })).toBe('bad-message');
  const auth = JSON.stringify({ ...handshake(), token: 'DEEP' }).replace('"DEEP"', nested(100_000));
  await expect(RawSocket.join(server.url, auth)).rejects.toThrow('bad-message');
});

it('[LI5] holds so many topics a connection, in one request and in several', async () => {
  const { core } = await publicCore({ limits: { topics: 2 } });
  core.resource('/notes/:note', { public: true });
  const peer = await FakePeer.connect(core);
  const wishes = (live: boolean) =>
    [1, 2, 3].map((note) => ({ topic: `/notes/${note}`, cursor: null, live }));
  const types = async (live: boolean) => {
    const { topics } = (await peer.ask('follow', { topics: wishes(live) })) as Answers['follow'];
    return topics.map((topic) => (topic.type === 'denied' ? topic.code : topic.type));
  };
  expect(await types(false)).toEqual(['snapshot', 'snapshot', 'rate']);
  expect(await types(true)).toEqual(['snapshot', 'snapshot', 'rate']);
  expect(await peer.follow('/tasks')).toMatchObject({ type: 'denied', code: 'rate' });
  await peer.ask('release', { topic: '/notes/1' });
  expect(await peer.follow('/tasks')).toMatchObject({ type: 'snapshot' });
});
