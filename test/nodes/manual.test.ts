/** The manual's run books, as they stand there: only places and ports are ours. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { io, type Socket } from 'socket.io-client';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { handshake, sent } from '../server/support/fake-peer.ts';
import { next } from '../server/support/live-server.ts';
import { startPostgres } from '../support/postgres/start-postgres.ts';
import { endChild } from '../support/processes/end-child.ts';
import { freePort } from '../support/processes/free-port.ts';
import { until } from '../support/until.ts';
import { findServer, SERVERS } from '../tools/find-server.ts';
import { startHaproxy } from './rig/haproxy.ts';
import { Redis } from './rig/redis.ts';

const root = join(import.meta.dirname, '../..');
const manual = readFileSync(join(root, 'README.md'), 'utf8');
const snippet = (begins: string): string => {
  const [, rest = ''] = manual.split(`\`\`\`js\n${begins}`);
  return begins + rest.split('```')[0];
};

let folder: string;
let ends: (() => unknown)[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'medulla-manual-'));
  ends = [() => rmSync(folder, { recursive: true })];
});
afterEach(async () => {
  for (const end of ends) await end();
});

/** Runs it as a module of this project, with what the manual's reader has installed. */
function run(code: string, env: NodeJS.ProcessEnv = {}): ChildProcess {
  const ours = code.replace("'backbone-medulla/server'", JSON.stringify(join(root, 'src/server.ts')));
  const args = ['--input-type=module', '-e', ours];
  const child = spawn(process.execPath, args, {
    cwd: root,
    env: { ...process.env, ...env },
    stdio: 'inherit',
  });
  ends.unshift(() => endChild(child));
  return child;
}

const isHealthy = (port: number) =>
  fetch(`http://127.0.0.1:${port}/medulla/health`).then(
    ({ ok }) => ok,
    () => false,
  );

async function connected(port: number): Promise<Socket> {
  const options = { auth: handshake(), transports: ['websocket'], reconnection: false, forceNew: true };
  const socket = io(`http://127.0.0.1:${port}/medulla`, options);
  ends.unshift(() => socket.disconnect());
  await next(socket, 'welcome');
  return socket;
}

const push = (socket: Socket) => socket.emitWithAck('push', { user: '', mutations: [sent('a:1')] });

it('[OP6] the server of one node runs as the manual has it, and ends in peace when it is told to', async () => {
  const port = await freePort();
  const book = snippet(
    'const http = createHttpServer();\nconst medulla = createServer(http, { store: sqliteStore',
  )
    .replace('/var/lib/app/app.db', join(folder, 'app.db'))
    .replace('8080', String(port));
  const child = run(`
    import { createServer as createHttpServer } from 'node:http';
    import { createServer, sqliteStore } from 'backbone-medulla/server';
    const [authenticate, metrics, log] = [({ user }) => user, true, () => undefined];
    ${book}
    medulla.resource('/tasks', { public: true });`);
  await until('it listens', () => isHealthy(port), 10_000);
  const socket = await connected(port);
  expect(await push(socket)).toMatchObject({ receipts: [{ type: 'applied' }] });
  const leaving = next(socket, 'leaving');
  const exit = once(child, 'exit');
  child.kill('SIGTERM');
  expect(await leaving).toMatchObject({ after: expect.any(Number) });
  expect(await exit).toEqual([0, null]);
}, 30_000);

describe.skipIf(SERVERS.some((name) => 'missing' in findServer(name)))('several nodes', () => {
  it('[MN9] run as the manual has them, one and then three behind its balancer', async () => {
    const postgres = await startPostgres();
    ends.unshift(() => postgres.end());
    const redis = await Redis.open(folder);
    ends.unshift(() => redis.kill());
    const book = snippet('// node.js: PORT=3001').replace('6379', String(redis.port));
    const ports = [await freePort(), await freePort(), await freePort()];
    const env = {
      PGHOST: '127.0.0.1',
      PGPORT: `${postgres.port}`,
      PGUSER: 'medulla',
      PGDATABASE: 'postgres',
    };
    const start = async (port: number) => {
      run(book, { ...env, PORT: `${port}` });
      await until('a node is ready', () => isHealthy(port), 20_000);
    };
    const [first = 0, ...others] = ports;
    await start(first);
    await Promise.all(others.map(start));
    const balancer = await startHaproxy(folder, ports);
    ends.unshift(() => balancer.kill());
    await until('the balancer has found one', () => isHealthy(balancer.port), 10_000);
    const followers = await Promise.all(ports.map(connected));
    const heard = followers.map((socket) => next(socket, '/tasks'));
    const wish = { topics: [{ topic: '/tasks', cursor: null, live: true }] };
    for (const socket of followers) await socket.emitWithAck('follow', wish);
    expect(await push(await connected(balancer.port))).toMatchObject({
      receipts: [{ type: 'applied', offset: 1 }],
    });
    expect(await Promise.all(heard)).toEqual([0, 0, 0]);
  }, 60_000);
});
