import session, { MemoryStore } from 'express-session';
import { afterEach, describe, expect, it } from 'vitest';
import { originProblem, withoutCookies } from '../../../src/server/node/origins.ts';
import type { Credentials } from '../../../src/server.ts';
import { handshake } from '../support/fake-peer.ts';
import { LiveServer, next } from '../support/live-server.ts';

const APP = 'https://app.example.com';
const EVIL = 'https://evil.example';
const cookies = { cookie: 'session=ann', authorization: 'Basic YW5u' };

let server: LiveServer;
afterEach(() => server?.end());

/** Who somebody is known as who comes with a browser's cookies from a page of this origin. */
async function known(origin: string | undefined, transport: string, token: string | null = null) {
  const socket = server.dial({ ...handshake('ann'), token }, [transport], origin, cookies);
  return next(socket, 'welcome').then(
    (welcome) => (welcome as { user: string }).user,
    (error: { data?: { code: string } }) => error.data?.code,
  );
}

const byCookie = ({ headers, token, raw }: Credentials) => {
  const { cookie, authorization } = (raw as { headers: Record<string, string> }).headers;
  expect([cookie, authorization]).toEqual([headers.cookie, headers.authorization]);
  return cookie === 'session=ann' || authorization || token === 'ann' ? 'ann' : null;
};

describe.each(['websocket', 'polling'])('a page of another origin, by %s', (transport) => {
  it.each([undefined, '*' as const])(
    '[PE11] comes without its visitor’s cookies where origin is %s',
    async (origin) => {
      server = await LiveServer.start({ authenticate: byCookie, ...(origin && { origin }) });
      expect(await known(EVIL, transport)).toBe('unauthorized');
      expect(await known('null', transport)).toBe('unauthorized');
      expect(await known(EVIL, transport, 'ann')).toBe('ann');
      expect(await known(server.url, transport)).toBe('ann');
      expect(await known(undefined, transport)).toBe('ann');
    },
  );

  it('[PE11] has them where it is named', async () => {
    server = await LiveServer.start({ authenticate: byCookie, origin: [APP, '*'] });
    expect([await known(APP, transport), await known(EVIL, transport)]).toEqual(['ann', 'unauthorized']);
  });

  it('[PE11] comes without the session that middleware would find by them', async () => {
    const store = new MemoryStore();
    const sessions = session({ secret: 'ours', resave: false, saveUninitialized: false, store });
    const seen: unknown[] = [];
    server = await LiveServer.start({
      handshake: [
        sessions,
        (request: { headers: object }, _: unknown, go: () => void) => {
          seen.push(request.headers);
          go();
        },
      ],
      authenticate: () => 'ann',
    });
    await known(EVIL, transport);
    await known(server.url, transport);
    expect(seen).toEqual([expect.not.objectContaining(cookies), expect.objectContaining(cookies)]);
  });
});

describe('the server’s own origin', () => {
  const problem = (headers: Record<string, string>, isSecure = false) =>
    originProblem({ host: 'inner:3000', ...headers }, [], isSecure)?.code;

  it('[PE11] is what the browser says it is, or what a proxy has kept of the host', () => {
    expect(problem({ origin: APP })).toBe('forbidden');
    expect(problem({ origin: APP, 'sec-fetch-site': 'same-origin' })).toBe(undefined);
    expect(problem({ origin: APP, 'sec-fetch-site': 'same-site' })).toBe('forbidden');
    expect(problem({ origin: APP, 'x-forwarded-host': 'app.example.com, inner:3000' })).toBe(undefined);
    expect(problem({ origin: 'http://inner:3000' })).toBe(undefined);
  });

  it('[PE11] is none that came by http where the server is reached by https', () => {
    expect(problem({ origin: 'http://inner:3000', 'x-forwarded-proto': 'https' })).toBe('forbidden');
    expect(problem({ origin: 'http://inner:3000' }, true)).toBe('forbidden');
    expect(problem({ origin: 'https://inner:3000' }, true)).toBe(undefined);
    const request = { headers: { host: 'h', origin: 'http://h', cookie: 'a=b' }, address: '' };
    const raw = { ...request, socket: { encrypted: true } };
    expect(withoutCookies({ ...request, raw }, undefined).headers).toEqual({ host: 'h', origin: 'http://h' });
    expect(withoutCookies(request, undefined)).toBe(request);
  });
});

it('[PE6] looks the session of express-session up anew, where who is there is asked again', async () => {
  const store = new MemoryStore();
  const sessions = session({ secret: 'ours', resave: false, saveUninitialized: false, store });
  const { createHmac } = await import('node:crypto');
  const sign = createHmac('sha256', 'ours').update('s1').digest('base64').replace(/=+$/, '');
  const stored = { cookie: { originalMaxAge: null }, user: 'ann' };
  store.set('s1', stored as never);
  server = await LiveServer.start({
    handshake: [sessions],
    authenticate: ({ raw }) => (raw as { session: { user?: string } }).session.user ?? null,
  });
  const cookie = `connect.sid=${encodeURIComponent(`s:s1.${sign}`)}`;
  const socket = server.dial(handshake('ann'), ['websocket'], undefined, { cookie });
  await next(socket, 'welcome');
  await server.medulla.recheck();
  expect([socket.connected, server.medulla.sessions.size]).toEqual([true, 1]);
  store.destroy('s1');
  const ended = next(socket, 'disconnect');
  await server.medulla.recheck({ user: 'ann' });
  expect([await ended, server.medulla.sessions.size]).toEqual(['io server disconnect', 0]);
});
