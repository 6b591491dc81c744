import { createServer as createHttpServer } from 'node:http';
import { Server } from 'socket.io';
import { afterEach, describe, expect, it } from 'vitest';
import { originProblem } from '../../src/server/node/origins.ts';
import { createServer, memoryStore } from '../../src/server.ts';
import { handshake } from './support/fake-peer.ts';
import { LiveServer, next } from './support/live-server.ts';

let server: LiveServer;
afterEach(() => server.end());

const APP = 'https://app.example.com';

async function outcome(origin: string | undefined, transport: string): Promise<unknown> {
  const socket = server.dial(handshake(), [transport], origin);
  return next(socket, 'welcome').then(
    () => 'welcome',
    (error: { data?: { code: string } }) => error.data?.code,
  );
}

describe('where origins are named', () => {
  it.each(['websocket', 'polling'])('[SV28] lets only pages of these connect, by %s', async (transport) => {
    server = await LiveServer.start({ origin: [APP, /\.example\.org$/g], authenticate: () => '' });
    const outcomes = async (...origins: (string | undefined)[]) =>
      Promise.all(origins.map((origin) => outcome(origin, transport)));
    expect(await outcomes(APP, 'https://a.example.org', server.url, undefined)).toEqual([
      ...['welcome', 'welcome', 'welcome', 'welcome'],
    ]);
    expect(await outcomes('https://evil.example', `${APP}.evil.example`, 'null')).toEqual([
      ...['forbidden', 'forbidden', 'forbidden'],
    ]);
  });

  it('[SV28] holds on a Socket.IO server that was handed in, too', async () => {
    const http = createHttpServer();
    const options = { store: memoryStore(), log: () => undefined, origin: APP };
    server = await LiveServer.listen(http, createServer(new Server(http), options));
    expect(await outcome(APP, 'websocket')).toBe('welcome');
    expect(await outcome('https://evil.example', 'websocket')).toBe('forbidden');
  });

  it('[SV28] lets pages of all origins connect where none is named, or all are', async () => {
    server = await LiveServer.start({ authenticate: () => '' });
    expect(await outcome('https://evil.example', 'websocket')).toBe('welcome');
    expect(originProblem({ origin: 'https://evil.example', host: 'h' }, '*')).toBe(null);
    expect(originProblem({ origin: 'https://evil.example', host: 'h' }, APP)?.message).toContain(
      'Pages of https://evil.example may not connect: add it to the option origin',
    );
  });
});
