import { createServer as createHttpServer } from 'node:http';
import { gzipSync } from 'node:zlib';
import { Server } from 'socket.io';
import { afterEach, expect, it } from 'vitest';
import { createServer, memoryStore } from '../../src/server.ts';
import { handshake } from '../server/support/fake-peer.ts';
import { LiveServer } from '../server/support/live-server.ts';
import { RawSocket } from './raw-socket.ts';

let server: LiveServer;
afterEach(() => {
  RawSocket.end();
  return server.end();
});

it('[LI13] inflates no more of a compressed message than a message may have', async () => {
  const http = createHttpServer();
  const io = new Server(http, { maxHttpBufferSize: 100_000, perMessageDeflate: true });
  server = await LiveServer.listen(http, createServer(io, { store: memoryStore(), log: () => undefined }));
  server.medulla.resource('/tasks', { public: true });
  const raw = await RawSocket.join(server.url, undefined, { perMessageDeflate: { threshold: 0 } });
  expect(raw.ws.extensions).toContain('permessage-deflate');
  const fits = `{"topic":"/tasks","more":"${'x'.repeat(50_000)}"}`;
  expect(await raw.ask('read', fits)).toMatchObject({ rows: [] });
  raw.ws.send(`42/medulla,9["read",{"topic":"/tasks","more":"${'x'.repeat(20_000_000)}"}]`);
  expect(await raw.closed()).toBe(1009);
  const other = await RawSocket.join(server.url);
  expect(await other.ask('read', fits)).toMatchObject({ rows: [] });
});

it('[LI13] compresses nothing by itself', async () => {
  server = await LiveServer.start();
  const raw = await RawSocket.join(server.url, undefined, { perMessageDeflate: true });
  expect(raw.ws.extensions).toBe('');
});

it('[LI13] compresses no answer to a poll', async () => {
  server = await LiveServer.start({ authenticate: ({ user }) => user });
  const ask = (sid = '', body?: string) =>
    fetch(`${server.url}/socket.io/?EIO=4&transport=polling${sid}`, {
      headers: { 'accept-encoding': 'gzip' },
      ...(body && { method: 'POST', body }),
    });
  const { sid } = JSON.parse((await (await ask()).text()).slice(1));
  await ask(`&sid=${sid}`, `40/medulla,${JSON.stringify(handshake('x'.repeat(2_000)))}`);
  const told = await ask(`&sid=${sid}`);
  expect((await told.text()).length).toBeGreaterThan(2_000);
  expect(told.headers.get('content-encoding')).toBe(null);
});

it('[LI13] takes no compressed body', async () => {
  server = await LiveServer.start();
  const response = await fetch(`${server.url}/medulla/push`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'content-encoding': 'gzip' },
    body: gzipSync(JSON.stringify({ ...handshake(), mutations: [] })),
  });
  expect([response.status, await response.json()]).toMatchObject([
    415,
    { refused: { code: 'bad-message', message: expect.stringContaining('compressed') } },
  ]);
});
