import { type IncomingMessage, request } from 'node:http';
import { Readable } from 'node:stream';
import { afterEach, describe, expect, it } from 'vitest';
import { parse } from '../../src/base/shape.ts';
import { answers, refusedAnswer, welcome } from '../../src/protocol/server-down.ts';
import { Room } from '../../src/server/limits/room.ts';
import { readBody } from '../../src/server/node/read-body.ts';
import { Refusal } from '../../src/server.ts';
import { VirtualClock } from '../../src/testing/virtual-clock.ts';
import { handshake, sent } from './support/fake-peer.ts';
import { LiveServer } from './support/live-server.ts';

let server: LiveServer;
afterEach(() => server.end());

const APP = 'https://app.example.com';
const JSON_TYPE = { 'content-type': 'application/json' };
const push = (user: string, ...mutations: unknown[]) => ({ ...handshake(user), mutations });

interface Posted {
  readonly status: number;
  readonly headers: Headers;
  readonly body: unknown;
}

async function post(
  body: unknown,
  { name = 'push', ...headers }: Record<string, string> = {},
): Promise<Posted> {
  const response = await fetch(`${server.url}/medulla/${name}`, {
    method: 'POST',
    headers: { ...JSON_TYPE, ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
  return { status: response.status, headers: response.headers, body: await response.json() };
}

/** The status and the code of a refusal; null = it is none. */
const code = ({ status, body }: Posted) => [status, parse(refusedAnswer, body).refused.code];

describe('a push by HTTP', () => {
  it('[BG1] gets the welcome and the receipts that a push by socket gets, and is told to who follows', async () => {
    server = await LiveServer.start();
    const tasks = server.medulla.resource('/tasks', { public: true });
    tasks.create((ctx, next) => {
      if (ctx.set.title === 'no') throw new Refusal('Not that', { code: 'invalid' });
      return next();
    });
    const { socket } = await server.connect('ann');
    await socket.emitWithAck('follow', { topics: [{ topic: '/tasks', cursor: null, live: true }] });
    const change = new Promise((resolve) => socket.once('/tasks', resolve));
    const one = sent('a:1', { user: 'ann', set: { title: 'one' } });
    const no = sent('a:2', { user: 'ann', record: 'y', set: { title: 'no' } });
    const bobs = sent('b:1', { user: 'bob', record: 'z' });
    const { status, body, headers } = await post(push('ann', one, no, bobs));
    expect([status, headers.get('content-type')]).toEqual([200, 'application/json; charset=utf-8']);
    expect(parse(welcome, body)).toMatchObject({ user: 'ann', limits: { batch: 500 } });
    expect(parse(answers.push, body).receipts.map(({ type }) => type)).toEqual([
      ...['applied', 'invalid', 'unauthorized'],
    ]);
    await change;
    const again = await socket.emitWithAck('push', { user: 'ann', mutations: [one, no] });
    expect(parse(answers.push, again).receipts).toMatchObject([{ type: 'duplicate' }, { type: 'invalid' }]);
  });

  it('[BG1] tells others what a push by socket does', async () => {
    server = await LiveServer.start();
    server.medulla.resource('/tasks', { public: true }).use('create', async (ctx, next) => {
      ctx.notify();
      await next();
    });
    const { socket } = await server.connect('ann');
    await socket.emitWithAck('follow', { topics: [{ topic: '/tasks', cursor: null, live: true }] });
    const note = new Promise((resolve) => socket.once('message', resolve));
    await post(push('ann', sent('a:1', { user: 'ann' })));
    expect(await note).toMatchObject({ type: 'synced', content: { topic: '/tasks', method: 'create' } });
  });

  it('[BG1] says in the log what its middleware of the handshake could not do', async () => {
    const logged: unknown[] = [];
    server = await LiveServer.start({
      handshake: [
        () => {
          throw new Error('No sessions');
        },
      ],
      log(level, event, details) {
        if (level === 'error') logged.push([event, (details?.error as Error | undefined)?.cause]);
      },
    });
    expect(code(await post(push('ann')))).toEqual([503, 'retry']);
    expect(logged).toEqual([['admission-failed', new Error('No sessions')]]);
  });

  it('[BG1] takes back by the same way', async () => {
    server = await LiveServer.start();
    server.medulla.resource('/tasks', { public: true });
    const asked = { ...handshake('ann'), ids: ['a:1'] };
    expect(parse(answers.withdraw, (await post(asked, { name: 'withdraw' })).body).receipts).toMatchObject([
      { type: 'withdrawn', ids: ['a:1'] },
    ]);
    const late = await post(push('ann', sent('a:1', { user: 'ann' })));
    expect(parse(answers.push, late.body).receipts).toMatchObject([{ type: 'withdrawn' }]);
  });

  it('[BG1] stands beside Socket.IO’s path, and is a session for as long as it takes', async () => {
    server = await LiveServer.start({ path: '/app/socket.io/' });
    const told: string[] = [];
    server.medulla.on('connect', ({ user }) => void told.push(`+${user}`));
    server.medulla.on('disconnect', ({ user }) => void told.push(`-${user}`));
    const body = JSON.stringify(push('ann'));
    const init = { method: 'POST', headers: JSON_TYPE, body };
    const response = await fetch(`${server.url}/app/medulla/push?x=1`, init);
    expect(parse(answers.push, await response.json())).toMatchObject({ receipts: [], number: 0 });
    expect(told).toEqual(['+ann', '-ann']);
    expect(server.medulla.sessions.size).toBe(0);
  });

  it('[BG2] is whoever the cookie or the token says, and nobody else', async () => {
    server = await LiveServer.start({
      authenticate: ({ token, headers }) =>
        token === 'secret' || headers.cookie === 'session=ann' ? 'ann' : null,
    });
    expect((await post(push('ann'), { authorization: 'Bearer secret' })).status).toBe(200);
    expect((await post(push('ann'), { cookie: 'session=ann' })).status).toBe(200);
    expect(code(await post(push('ann')))).toEqual([401, 'unauthorized']);
    expect(code(await post({ ...push('ann'), token: 'secret' }))).toEqual([401, 'unauthorized']);
    expect(code(await post(push('bob'), { authorization: 'bearer secret' }))).toEqual([401, 'wrong-user']);
  });
});

describe('who may push by HTTP', () => {
  it('[BG3] no page of another origin, unless it is named', async () => {
    server = await LiveServer.start();
    const evil = await post(push('ann'), { origin: 'https://evil.example' });
    expect(code(evil)).toEqual([403, 'forbidden']);
    expect(evil.headers.get('access-control-allow-origin')).toBe(null);
    expect(code(await post(push('ann'), { origin: 'null' }))).toEqual([403, 'forbidden']);
    expect((await post(push('ann'), { origin: server.url })).status).toBe(200);
  });

  it('[BG3] a page that is named, asked for first as browsers do', async () => {
    server = await LiveServer.start({ origin: [APP] });
    const ask = (origin: string) =>
      fetch(`${server.url}/medulla/push`, { method: 'OPTIONS', headers: { origin } });
    const { status, headers } = await ask(APP);
    expect(status).toBe(204);
    expect(Object.fromEntries(headers)).toMatchObject({
      'access-control-allow-origin': APP,
      'access-control-allow-credentials': 'true',
      'access-control-allow-methods': 'POST',
      'access-control-allow-headers': 'Content-Type, Authorization',
    });
    expect((await ask('https://evil.example')).headers.get('access-control-allow-origin')).toBe(null);
    expect((await post(push('ann'), { origin: APP })).headers.get('access-control-allow-origin')).toBe(APP);
  });

  it('[BG3] where all pages are let in, none acts with its visitor’s cookies', async () => {
    server = await LiveServer.start({ origin: '*' });
    const { status, headers } = await post(push('ann'), { origin: 'https://any.example' });
    expect([status, headers.get('access-control-allow-origin')]).toEqual([200, '*']);
    expect(headers.get('access-control-allow-credentials')).toBe(null);
  });

  it('[BG3] a page of the same origin behind a proxy that changes the host, as the browser says itself', async () => {
    server = await LiveServer.start();
    const headers = { ...JSON_TYPE, origin: APP, 'sec-fetch-site': 'same-origin' };
    const status = await new Promise((resolve) => {
      // fetch keeps this header to itself, as in browsers.
      const asked = request(`${server.url}/medulla/push`, { method: 'POST', headers }, (response) => {
        response.resume();
        resolve(response.statusCode);
      });
      asked.end(JSON.stringify(push('ann')));
    });
    expect(status).toBe(200);
  });
});

describe('what is no push', () => {
  it('[BG4] is answered with a code and the right status', async () => {
    server = await LiveServer.start({ limits: { bytes: 2_000, batch: 2 } });
    expect(code(await post('{"user":'))).toEqual([400, 'bad-message']);
    for (const body of ['null', '[]', '3', '{}', { ...handshake('ann'), mutations: 'none' }])
      expect(code(await post(body))).toEqual([400, 'bad-message']);
    expect(code(await post(push('ann'), { 'content-type': 'text/plain' }))).toEqual([415, 'bad-message']);
    expect(code(await post({ ...push('ann'), protocol: 1 }))).toEqual([426, 'protocol']);
    expect(code(await post({ ...push('ann'), protocol: 99 }))).toEqual([505, 'old-server']);
    expect(code(await post(push('ann', 1, 2, 3)))).toEqual([413, 'too-large']);
    expect(code(await post(push('ann', 'x'.repeat(3_000))))).toEqual([413, 'too-large']);
    const put = await fetch(`${server.url}/medulla/push`, { method: 'PUT', body: '{}' });
    expect([put.status, await put.json()]).toMatchObject([405, { refused: { code: 'bad-message' } }]);
  });

  it('[BG4] is not read to its end where it is too large, also where it does not say so', async () => {
    server = await LiveServer.start({ limits: { bytes: 10_000 } });
    const outcome = await new Promise((resolve) => {
      const headers = { ...JSON_TYPE, 'transfer-encoding': 'chunked' };
      const asked = request(`${server.url}/medulla/push`, { method: 'POST', headers }, (response) => {
        response.resume();
        resolve([response.statusCode, response.headers.connection]);
      });
      asked.on('error', () => undefined);
      asked.write('x'.repeat(20_000));
    });
    expect(outcome).toEqual([413, 'close']);
  });

  it('[BG4] is no failure of the server’s where its client hangs up', async () => {
    const half = Readable.from(
      (function* () {
        yield Buffer.from('{"half":');
        throw new Error('aborted');
      })(),
    );
    const broken = readBody(Object.assign(half, { headers: {} }) as unknown as IncomingMessage, {
      bytes: 100,
      deadline: 1_000,
      room: new Room(100),
      clock: new VirtualClock(),
    });
    await expect(broken).rejects.toMatchObject({ code: 'unreachable', message: 'The request broke off.' });
  });

  it('[BG4] has 503 where the server can do nothing now, and the application’s own trouble stays in its log', async () => {
    server = await LiveServer.start({
      authenticate: () => {
        throw new Error('the secret of the database');
      },
    });
    const posted = await post(push('ann'));
    expect(code(posted)).toEqual([503, 'retry']);
    expect(JSON.stringify(posted.body)).not.toContain('secret');
  });
});
