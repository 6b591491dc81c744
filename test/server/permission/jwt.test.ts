import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as jose from 'jose';
import { afterEach, expect, it } from 'vitest';
import type { Authenticate } from '../../../src/server.ts';
import { VirtualClock } from '../../../src/testing/virtual-clock.ts';
import { handshake } from '../support/fake-peer.ts';
import { LiveServer, next } from '../support/live-server.ts';

const manual = readFileSync(join(import.meta.dirname, '../../../README.md'), 'utf8');
const [, example = ''] = /```js\n(import \{ jwtVerify[\s\S]*?)```/.exec(manual) ?? [];
const SECRET = 'a secret of at least thirty-two bytes, please';

/** The example as it stands; what it imports is handed to it. */
const authenticate = new Function(
  'jwtVerify',
  'process',
  `${example.replaceAll(/^import .*$/gm, '')}; return authenticate;`,
)(jose.jwtVerify, { env: { JWT_SECRET: SECRET } }) as Authenticate;

const key = new TextEncoder().encode(SECRET);
const token = (
  claims: object,
  { secret = key, until = '1h' }: { secret?: Uint8Array; until?: string | number } = {},
) =>
  new jose.SignJWT({ roles: ['clerk'], ...claims })
    .setProtectedHeader({ alg: 'HS256' })
    .setIssuer('https://login.example.com')
    .setAudience('app')
    .setExpirationTime(until)
    .sign(secret);

let server: LiveServer;
afterEach(() => server.end());

it('[PE12] lets in whom a token of ours names, and nobody else', async () => {
  server = await LiveServer.start({ authenticate });
  const outcome = async (shown: string | null) =>
    next(server.dial({ ...handshake('ann'), token: shown }), 'welcome').then(
      () => 'welcome',
      (error: { data?: { code: string } }) => error.data?.code,
    );
  const good = await token({ sub: 'ann' });
  const [head = '', body = ''] = good.split('.');
  const none = `${Buffer.from('{"alg":"none"}').toString('base64url')}.${body}.`;
  expect(await outcome(good)).toBe('welcome');
  const [known] = [...server.medulla.sessions];
  expect(known).toMatchObject({ user: 'ann', identity: { roles: ['clerk'] } });
  expect(await outcome(await token({ sub: 'bob' }))).toBe('wrong-user');
  for (const bad of [
    null,
    'no token',
    none,
    `${head}.${body}.`,
    await token({ sub: 'ann' }, { secret: new Uint8Array(32) }),
    await token({ sub: 'ann' }, { until: '-1s' }),
    [head, Buffer.from('{"sub":"ann"}').toString('base64url'), good.split('.')[2]].join('.'),
  ])
    expect(await outcome(bad)).toBe('unauthorized');
  const post = await fetch(`${server.url}/medulla/push`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${good}` },
    body: JSON.stringify({ ...handshake('ann'), mutations: [] }),
  });
  expect(post.status).toBe(200);
});

it('[PE12] ends the connection with the token', async () => {
  const turned = new VirtualClock();
  const begun = Date.now();
  const clock = { now: () => begun + turned.now() - 1_000_000, after: turned.after.bind(turned) };
  server = await LiveServer.start({ authenticate, clock });
  const socket = server.dial({ ...handshake('ann'), token: await token({ sub: 'ann' }) });
  await next(socket, 'welcome');
  const ended = next(socket, 'disconnect');
  await turned.advance(3_598_000);
  expect([socket.connected, server.medulla.sessions.size]).toEqual([true, 1]);
  await turned.advance(2_000);
  expect([await ended, server.medulla.sessions.size]).toEqual(['io server disconnect', 0]);
});
