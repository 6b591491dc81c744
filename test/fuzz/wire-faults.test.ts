/** What raw frames were tried for, each by itself. */
import { once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import { Server } from 'socket.io';
import { afterEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { createServer, memoryStore } from '../../src/server.ts';
import { handshake } from '../server/support/fake-peer.ts';
import { LiveServer, next } from '../server/support/live-server.ts';

let server: LiveServer;
afterEach(() => server.end());

describe('what is no packet', () => {
  it('[HI3] ends the connection that it came by, and is logged with a reason, without a stack', async () => {
    const logged: { level: string; event: string }[] = [];
    server = await LiveServer.start({
      log: (level, event, details) => void logged.push({ level, event, ...details }),
    });
    const socket = new WebSocket(`${server.url.replace('http', 'ws')}/socket.io/?EIO=4&transport=websocket`);
    await once(socket, 'open');
    const heard: string[] = [];
    socket.on('message', (data) => void heard.push(String(data)));
    socket.send(`40/medulla,${JSON.stringify(handshake('mallory'))}`);
    while (!heard.some((text) => text.includes('welcome'))) await once(socket, 'message');
    socket.send('42/medulla,["push"');
    await once(socket, 'close');
    expect(logged.filter(({ level }) => level !== 'info')).toEqual([
      { level: 'warn', event: 'bad-packet', problem: 'invalid payload', session: expect.any(String) },
    ]);
  });
});

describe('a token', () => {
  it('[HI12] stays with nobody once it was looked at: no node of many can ask for it', async () => {
    const http = createHttpServer();
    const io = new Server(http);
    const tokens: unknown[] = [];
    const authenticate = ({ user, token }: { user: string; token: string | null }) => {
      tokens.push(token);
      return user;
    };
    server = await LiveServer.listen(
      http,
      createServer(io, { store: memoryStore(), authenticate, log: () => undefined }),
    );
    await next(server.dial({ ...handshake('ann'), token: 'hers' }), 'welcome');
    expect(tokens).toEqual(['hers']);
    const [remote] = await io.of('/medulla').fetchSockets();
    expect(remote?.handshake.auth).toEqual({});
    expect(remote?.data).toBeUndefined();
    await io.close();
  });
});
