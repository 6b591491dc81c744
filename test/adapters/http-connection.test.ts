import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { httpConnection } from '../../src/hub/adapters/service/http-connection.ts';
import type { Topic, UserId } from '../../src/protocol/ids.ts';
import { sent } from '../server/support/fake-peer.ts';
import { LiveServer } from '../server/support/live-server.ts';
import { type RecordedLink, recorded } from './link-recorder.ts';

const user = 'ada' as UserId;
const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

async function serve(...args: Parameters<typeof LiveServer.start>): Promise<LiveServer> {
  const server = await LiveServer.start(...args);
  server.medulla.resource('/tasks', { public: true });
  ends.push(() => server.end());
  return server;
}

function connect(server: string, path = '/socket.io'): RecordedLink {
  const link = recorded(httpConnection({ server, path }));
  ends.push(() => link.link.close());
  return link;
}

/** Something that speaks HTTP, and is no Medulla. */
async function stranger(status: number, body: string): Promise<string> {
  const http = createServer((_, response) => response.writeHead(status).end(body));
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  ends.push(
    () => http.closeAllConnections(),
    () => http.close(),
  );
  return `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
}

describe('a connection by HTTP', () => {
  it('[BG5] is open with the welcome; pushes and takes back; hears of nothing', async () => {
    const server = await serve({
      authenticate: ({ token, device }) => (token === 'secret' && device === 'device-1' ? 'ada' : null),
    });
    const { link, heard, opened } = connect(server.url);
    expect(await opened).toMatchObject({ user: 'ada', number: 0, limits: { batch: 500 } });
    const one = sent('a:1', { user: 'ada' });
    expect(await link.request('push', { user, mutations: [one] })).toMatchObject({
      receipts: [{ type: 'applied', ids: ['a:1'] }],
      number: 1,
    });
    expect(await link.request('withdraw', { user, ids: [one.mutation.id] })).toMatchObject({
      receipts: [{ type: 'duplicate' }],
    });
    await expect(link.request('read', { topic: '/tasks' as Topic })).rejects.toMatchObject({
      code: 'bad-message',
    });
    expect(heard.map(([name]) => name)).toEqual(['opened']);
  });

  it('[BG5] finds the server’s twin beside Socket.IO’s path', async () => {
    const server = await serve({ path: '/app/socket.io' });
    expect(await connect(server.url, '/app/socket.io/').opened).toMatchObject({ user: 'ada' });
  });

  it('[BG5] is refused with the server’s own code', async () => {
    const server = await serve({ authenticate: () => null });
    const { heard, closed } = connect(server.url);
    expect(await closed).toMatchObject({ type: 'refused', code: 'unauthorized' });
    expect(heard.map(([name]) => name)).toEqual(['closed']);
  });

  it('[BG5] rejects a request that the server refuses, and stays open', async () => {
    const server = await serve({ limits: { batch: 1 } });
    const { link, opened } = connect(server.url);
    await opened;
    const both = [sent('a:1', { user: 'ada' }), sent('a:2', { user: 'ada' })];
    await expect(link.request('push', { user, mutations: both })).rejects.toMatchObject({
      code: 'too-large',
    });
    expect(await link.request('push', { user, mutations: both.slice(1) })).toMatchObject({ number: 1 });
  });

  it.each([
    [404, 'There is nothing'],
    [200, '<!doctype html>'],
    [502, '{"error":"proxy"}'],
  ])('[BG5] is lost where it is not Medulla that answers: %i %s', async (status, body) => {
    const { closed } = connect(await stranger(status, body));
    expect(await closed).toMatchObject({ type: 'lost' });
  });

  it('[BG5] is refused where the welcome cannot be read', async () => {
    const { closed } = connect(await stranger(200, '{"hello":1}'));
    expect(await closed).toMatchObject({ type: 'refused', code: 'bad-message' });
  });

  it('[BG5] is lost with the server: a request without an answer is unreachable', async () => {
    const server = await serve();
    const { link, opened, closed } = connect(server.url);
    await opened;
    await server.end();
    ends.shift();
    await expect(link.request('push', { user, mutations: [] })).rejects.toMatchObject({
      code: 'unreachable',
    });
    expect(await closed).toMatchObject({ type: 'lost' });
    await expect(link.request('push', { user, mutations: [] })).rejects.toMatchObject({
      code: 'unreachable',
    });
  });

  it('[BG5] says once that it was closed, whatever was under way', async () => {
    const server = await serve();
    const { link, heard, closed } = connect(server.url);
    link.close();
    link.close();
    expect(await closed).toMatchObject({ type: 'lost' });
    expect(heard.map(([name]) => name)).toEqual(['closed']);
  });
});
