import { mkdtempSync, rmSync } from 'node:fs';
import { createServer as createHttpServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Server } from 'socket.io';
import { afterEach, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { parse } from '../../src/base/shape.ts';
import { unpackLive } from '../../src/protocol/live.ts';
import { answers, events, refusedAnswer } from '../../src/protocol/server-down.ts';
import { createServer, memoryStore, sqliteStore } from '../../src/server.ts';
import { handshake, sent } from './support/fake-peer.ts';
import { LiveServer, next } from './support/live-server.ts';

let server: LiveServer;
afterEach(() => server.end());

const update = { method: 'update', base: 'previous' } as const;

describe('over Socket.IO', () => {
  it('[SV21] carries a write from one browser to the database and to another browser', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'medulla-wire-'));
    const start = () => LiveServer.start({ store: sqliteStore(join(folder, 'app.db')) });
    server = await start();
    server.medulla.resource('/tasks', { public: true });
    const [ann, bob] = await Promise.all([server.connect('ann'), server.connect('bob', ['polling'])]);
    expect(parse(events.welcome, ann.welcome)).toMatchObject({ user: 'ann', number: 0 });
    const follow = { topics: [{ topic: '/tasks', cursor: null, live: true }] };
    const followed = parse(answers.follow, await bob.socket.emitWithAck('follow', follow));
    expect(followed.topics).toMatchObject([{ type: 'snapshot', rows: [], next: null }]);
    const change = new Promise<unknown[]>((resolve) => bob.socket.once('/tasks', (...line) => resolve(line)));
    const mutation = sent('a:1', { user: 'ann', set: { title: 'one' } });
    const push = { user: 'ann', mutations: [mutation] };
    const answer = parse(answers.push, await ann.socket.emitWithAck('push', push));
    expect(answer).toEqual({ receipts: [{ type: 'applied', ids: ['a:1'], offset: 1 }], number: 1 });
    const changes = unpackLive('/tasks', await change);
    expect(changes).toMatchObject({ from: 0, to: 1, entries: [['x', 1, { title: 'one' }, '*', ['a:1']]] });
    await server.end();

    server = await start();
    server.medulla.resource('/tasks', { public: true });
    const again = await server.connect('ann');
    expect(await again.socket.emitWithAck('push', push)).toMatchObject({
      receipts: [{ type: 'duplicate', offset: 1 }],
    });
    const { to: offset, mark } = changes;
    const { epoch } = followed.topics[0]?.type === 'snapshot' ? followed.topics[0].cursor : { epoch: '' };
    const held = { topics: [{ topic: '/tasks', cursor: { epoch, offset, mark }, live: true }] };
    expect(await again.socket.emitWithAck('follow', held)).toMatchObject({
      topics: [{ changes: { entries: [] } }],
    });
    await server.medulla.close();
    rmSync(folder, { recursive: true });
  });

  it('[SV21] refuses a handshake with code and sentence', async () => {
    server = await LiveServer.start({ authenticate: ({ token }) => (token === 'secret' ? 'ann' : null) });
    const refused = async (auth: object) =>
      ((await next(server.dial(auth), 'connect_error')) as { data: unknown }).data;
    expect(await refused(handshake('ann'))).toMatchObject({
      code: 'unauthorized',
      message: expect.any(String),
    });
    expect(await refused({ ...handshake('bob'), token: 'secret' })).toMatchObject({ code: 'wrong-user' });
    expect(await refused({ ...handshake(), protocol: 99 })).toMatchObject({ code: 'old-server' });
    expect(await refused({ hello: 1 })).toMatchObject({ code: 'bad-message' });
    expect(server.medulla.sessions.size).toBe(0);
  });

  it('[SV19] tells the client that the store does not open, and nothing of where it lies', async () => {
    const file = join(tmpdir(), 'medulla-none', 'secret.db');
    server = await LiveServer.start({ store: sqliteStore(file) });
    const { data } = (await next(server.dial(), 'connect_error')) as { data?: { message: string } };
    expect(data).toMatchObject({
      code: 'storage',
      message: expect.stringContaining('cannot open its store'),
    });
    expect(data?.message).not.toContain('secret');
    await expect(server.medulla.ready).rejects.toThrow(file);
  });

  it('[SV21] survives whatever is sent', async () => {
    server = await LiveServer.start({ limits: { record: 100 } });
    server.medulla.resource('/tasks', { public: true, schema: z.object({ title: z.string() }) });
    const { socket } = await server.connect();
    socket.emit('push', { no: 'acknowledgement' });
    socket.emit('follow');
    for (const name of ['push', 'follow', 'shout']) {
      const answer = parse(refusedAnswer, await socket.emitWithAck(name, Buffer.from('binary'), 'more'));
      expect(answer.refused.code).toBe('bad-message');
    }
    const evil = JSON.parse('{"__proto__": {"polluted": true}}');
    const mutations = [
      sent('a:1', { set: evil }),
      sent('a:2', { topic: '/foo' }),
      sent('a:3', { set: { title: 3 } }),
      sent('a:4', { set: { title: 'x'.repeat(100) } }),
      sent('a:5', { set: { title: 'fine' } }),
    ];
    const { receipts } = parse(answers.push, await socket.emitWithAck('push', { user: '', mutations }));
    expect(receipts.map((receipt) => ('code' in receipt ? receipt.code : receipt.type))).toEqual([
      ...['bad-attribute', 'unknown-resource', 'invalid', 'too-large', 'applied'],
    ]);
    expect('polluted' in {}).toBe(false);
  });

  it('[SV10] ends a connection that sends more than the limit, which welcome names', async () => {
    server = await LiveServer.start({ limits: { bytes: 10_000 } });
    const { socket, welcome } = await server.connect();
    expect(welcome).toMatchObject({ limits: { bytes: 10_000 } });
    const ended = next(socket, 'disconnect');
    socket.emit('push', 'x'.repeat(20_000));
    await ended;
    expect((await server.connect()).welcome).toMatchObject({ user: '' });
  });

  it('[SV12] sends no change to a socket that has released, or is not following', async () => {
    server = await LiveServer.start();
    const tasks = server.medulla.resource('/tasks', { public: true });
    const [a, b] = await Promise.all([server.connect(), server.connect()]);
    const heard: string[] = [];
    a.socket.on('/tasks', () => heard.push('a'));
    b.socket.on('/tasks', () => heard.push('b'));
    const follow = { topics: [{ topic: '/tasks', cursor: null, live: true }] };
    await a.socket.emitWithAck('follow', follow);
    await b.socket.emitWithAck('follow', follow);
    expect(await a.socket.emitWithAck('release', { topic: '/tasks' })).toEqual({});
    const told = next(b.socket, '/tasks');
    await tasks.publish({ record: 'x' });
    await told;
    await a.socket.emitWithAck('read', { topic: '/tasks' });
    expect(heard).toEqual(['b']);
  });

  it('[SV21] joins a Socket.IO server that is there already, and leaves its namespaces alone', async () => {
    const http = createHttpServer();
    const io = new Server(http, { maxHttpBufferSize: 50_000 });
    io.of('/chat').on('connection', (socket) => socket.emit('hello', 'chat'));
    server = await LiveServer.listen(http, createServer(io, { store: memoryStore(), log: () => undefined }));
    const { socket, welcome } = await server.connect();
    expect(welcome).toMatchObject({ limits: { bytes: 50_000 } });
    expect((await fetch(`${server.url}/medulla/health`)).status).toBe(200);
    const manager = socket.io.socket('/chat');
    expect(await next(manager, 'hello')).toBe('chat');
    await server.medulla.close();
    expect(io.of('/chat').sockets.size).toBe(1);
    await io.close();
  });

  it('[SV19] ends its connections when it closes, and tells of their end', async () => {
    server = await LiveServer.start();
    server.medulla.resource('/tasks', { public: true });
    const told: string[] = [];
    server.medulla.on('connect', ({ user }) => void told.push(`+${user}`));
    server.medulla.on('disconnect', ({ user }) => void told.push(`-${user}`));
    const { socket } = await server.connect('ann');
    const ended = next(socket, 'disconnect');
    await socket.emitWithAck('push', { user: 'ann', mutations: [sent('a:1', { ...update, user: 'ann' })] });
    await server.medulla.close();
    await ended;
    expect(told).toEqual(['+ann', '-ann']);
    expect(server.medulla.sessions.size).toBe(0);
  });
});
