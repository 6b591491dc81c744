import { mkdtempSync, rmSync } from 'node:fs';
import { createServer as createHttp } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import express from 'express';
import session, { MemoryStore } from 'express-session';
import { Server } from 'socket.io';
import { io, type Socket } from 'socket.io-client';
import { describe, expect, it, onTestFinished } from 'vitest';
import {
  connectStyle,
  createServer,
  memoryStore,
  type ServerOptions,
  sqliteStore,
} from '../../../src/server.ts';
import { handshake, sent } from '../../server/support/fake-peer.ts';
import { LiveServer, next } from '../../server/support/live-server.ts';

async function live(options: Partial<ServerOptions> = {}, app?: Parameters<typeof LiveServer.start>[1]) {
  const server = await LiveServer.start(options, app);
  onTestFinished(() => server.end());
  return server;
}

/** What a push of one create comes to. */
function push(
  socket: Socket,
  topic: string,
  set: object = { title: 'a' },
): Promise<{ receipts: { type: string }[] }> {
  const mutations = [sent(`t:${++pushed}`, { topic, record: `r${pushed}`, set })];
  return socket.emitWithAck('push', { user: '', mutations });
}
let pushed = 0;

describe('the server', () => {
  it('[IO-15] has backends by name on an http server', async () => {
    const { medulla, connect } = await live().then((server) => ({
      medulla: server.medulla,
      connect: () => server.connect(),
    }));
    for (const name of ['messages', 'tasks']) medulla.backend(name, { public: true });
    const { socket } = await connect();
    for (const topic of ['/messages', '/messages/general', '/tasks'])
      expect((await push(socket, topic)).receipts).toMatchObject([{ type: 'applied' }]);
    expect((await push(socket, '/others')).receipts).toMatchObject([{ code: 'unknown-resource' }]);
  });

  it('[IO-16] takes an io that is there, and leaves its other namespaces alone', async () => {
    const http = createHttp();
    const sockets = new Server(http);
    sockets.of('/chat').on('connection', (socket) => socket.emit('hello', 'chat'));
    const medulla = createServer(sockets, { store: memoryStore(), log: () => undefined });
    medulla.backend('messages', { public: true });
    const server = await LiveServer.listen(http, medulla);
    onTestFinished(() => server.end());
    const { socket } = await server.connect();
    expect((await push(socket, '/messages')).receipts).toMatchObject([{ type: 'applied' }]);
    const chat = io(`${server.url}/chat`, { transports: ['websocket'], forceNew: true });
    expect(await next(chat, 'hello')).toBe('chat');
    chat.disconnect();
  });

  it('[IO-28] keeps nothing of a connection that has ended', async () => {
    const server = await live();
    server.medulla.backend('messages', { public: true });
    const counts = () => [server.medulla.sessions.size, server.http.listenerCount('upgrade')];
    const ended = new Promise<void>((resolve) => {
      let left = 20;
      server.medulla.on('disconnect', () => --left || resolve());
    });
    const before = counts();
    for (let i = 0; i < 20; i++) {
      const { socket } = await server.connect();
      await socket.emitWithAck('follow', { topics: [{ topic: '/messages', cursor: null, live: true }] });
      await push(socket, '/messages');
      socket.disconnect();
    }
    await ended;
    expect(counts()).toEqual(before);
  });
});

describe('stores', () => {
  it.each(['memory', 'sqlite'])('[IO-27] keeps in a %s store what a layer ends with', async (kind) => {
    const folder = mkdtempSync(join(tmpdir(), 'medulla-io-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const server = await live({
      store: kind === 'memory' ? memoryStore() : sqliteStore(join(folder, 'io.db')),
    });
    server.medulla
      .backend('messages', { public: true })
      .create(connectStyle((_request, response) => response.end({ rank: 1 })));
    const { socket } = await server.connect();
    await push(socket, '/messages');
    const { rows } = await socket.emitWithAck('read', { topic: '/messages' });
    expect(rows).toMatchObject([[expect.any(String), 1, { title: 'a', rank: 1 }]]);
  });
});

describe('who is there', () => {
  /** A connection as a browser opens it that has these cookies. */
  function dial(url: string, cookie: string): Socket {
    const socket = io(`${url}/medulla`, {
      auth: handshake(),
      transports: ['websocket'],
      extraHeaders: { cookie },
      reconnection: false,
      forceNew: true,
    });
    onTestFinished(() => void socket.disconnect());
    return socket;
  }

  it('[IO-27] is known by the cookies of the handshake, by a parser for Connect in the stack or before it', async () => {
    const parse = (text = '') =>
      Object.fromEntries(text.split('; ').map((pair) => pair.split('=') as [string, string]));
    const cookieParser = (
      request: { headers: { cookie?: string }; cookies?: object },
      _: unknown,
      next: () => void,
    ) => {
      request.cookies = parse(request.headers.cookie);
      next();
    };
    const server = await live({
      handshake: [cookieParser],
      authenticate: ({ raw }) => ((raw as { cookies: { door: string } }).cookies.door === 'open' ? '' : null),
    });
    const seen: unknown[] = [];
    server.medulla
      .backend('messages', { public: true })
      .use(connectStyle(cookieParser as never))
      .use(
        connectStyle((request, _response, next) => {
          seen.push([request.cookies, request.socket.handshake.headers.cookie]);
          next();
        }),
      );
    const socket = dial(server.url, 'door=open; theme=dark');
    await next(socket, 'welcome');
    await push(socket, '/messages');
    expect(seen).toEqual([[{ door: 'open', theme: 'dark' }, 'door=open; theme=dark']]);
    const shut = dial(server.url, 'door=shut');
    expect(await next(shut, 'connect_error')).toMatchObject({ data: { code: 'unauthorized' } });
  });

  it('[IO-27] is known by the session that express-session keeps for the page, by socket and by HTTP', async () => {
    const sessions = session({
      secret: 'of the house',
      resave: false,
      saveUninitialized: false,
      store: new MemoryStore(),
    });
    const app = express().use(sessions);
    app.get('/login', (request, response) => {
      Object.assign(request.session, { user: 'ann' });
      response.end('welcome');
    });
    const server = await live(
      {
        handshake: [sessions],
        authenticate: ({ raw }) => ((raw as { session: { user?: string } }).session.user ? '' : null),
      },
      app,
    );
    const seen: unknown[] = [];
    server.medulla.backend('messages', { public: true }).use(
      connectStyle((request, _response, next) => {
        seen.push((request.session as { user?: string }).user);
        next();
      }),
    );
    const login = await fetch(`${server.url}/login`);
    const [cookie = ''] = (login.headers.get('set-cookie') ?? '').split(';');
    const socket = dial(server.url, cookie);
    await next(socket, 'welcome');
    await push(socket, '/messages');
    const { protocol, user, device } = handshake();
    const mutations = [sent('t:http', { topic: '/messages', record: 'http', set: { title: 'b' } })];
    const response = await fetch(`${server.url}/medulla/push`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', cookie },
      body: JSON.stringify({ protocol, user, device, mutations }),
    });
    expect([response.status, seen]).toEqual([200, ['ann', 'ann']]);
    expect(await next(dial(server.url, 'connect.sid=s%3Aforged.x'), 'connect_error')).toMatchObject({
      data: { code: 'unauthorized' },
    });
  });

  it('[IO-27] is asked again later where what tells it fails', async () => {
    const errors: unknown[] = [];
    const server = await live({
      handshake: [
        (_request: unknown, _response: unknown, next: (error: Error) => void) => next(new Error('down')),
      ],
      log: (level, event) => void errors.push([level, event]),
    });
    expect(await next(dial(server.url, ''), 'connect_error')).toMatchObject({ data: { code: 'retry' } });
    expect(errors).toContainEqual(['error', 'admission-failed']);
  });
});
