import { afterEach, expect, it } from 'vitest';
import { handshake } from '../server/support/fake-peer.ts';
import { LiveServer, next } from '../server/support/live-server.ts';
import { deferred } from '../support/deferred.ts';

let server: LiveServer;
afterEach(() => server.end());

const refusalOf = async (user: string) =>
  ((await next(server.dial(handshake(user)), 'connect_error')) as { data: unknown }).data;

it('[LI6] lets one user have so many connections, and says so to the next', async () => {
  server = await LiveServer.start({ limits: { connections: 2 } });
  const [first] = await Promise.all([server.connect('ann'), server.connect('ann')]);
  expect(await refusalOf('ann')).toEqual({ code: 'rate', message: expect.stringContaining('2 connections') });
  await server.connect('bob');
  const left = new Promise((resolve) => server.medulla.on('disconnect', resolve));
  first?.socket.disconnect();
  await left;
  await server.connect('ann');
  expect(server.medulla.sessions.size).toBe(3);
});

it('[LI6] counts who come at once, too', async () => {
  const all = deferred<void>();
  let count = 0;
  server = await LiveServer.start({
    limits: { connections: 2 },
    async authenticate({ user }) {
      if (++count === 5) all.resolve();
      await all.promise;
      return user;
    },
  });
  const outcomes = await Promise.all(
    Array.from({ length: 5 }, async () => {
      const socket = server.dial(handshake('ann'));
      const ends = ['welcome', 'connect_error', 'disconnect'] as const;
      return Promise.race(ends.map(async (name) => (await next(socket, name)) && name));
    }),
  );
  expect(outcomes.filter((name) => name === 'welcome')).toHaveLength(2);
  expect(server.medulla.sessions.size).toBe(2);
});

it('[LI6] counts who is nobody in particular only where it is told how', async () => {
  server = await LiveServer.start({ limits: { connections: 1 } });
  await Promise.all([server.connect(), server.connect()]);
  await server.end();
  server = await LiveServer.start({
    limits: { connections: 1 },
    rates: { who: ({ request }) => request.address },
  });
  await server.connect();
  expect(await refusalOf('')).toMatchObject({ code: 'rate' });
});

it('[LI6] counts a push by HTTP while it lasts', async () => {
  const [inside, held] = [deferred<void>(), deferred<void>()];
  server = await LiveServer.start({ limits: { connections: 1 } });
  server.medulla.resource('/tasks', {
    authorize: async () => {
      inside.resolve();
      await held.promise;
      return true;
    },
  });
  const mutation = { id: 'a:1', user: 'ann', topic: '/tasks', record: 'x', method: 'create' };
  const whole = { ...mutation, set: {}, unset: [], base: null, was: {} };
  const post = (mutations: object[]) =>
    fetch(`${server.url}/medulla/push`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ ...handshake('ann'), mutations }),
    });
  const first = post([{ mutation: whole, also: [], number: 0 }]);
  await inside.promise;
  const second = await post([]);
  expect([second.status, await second.json()]).toMatchObject([429, { refused: { code: 'rate' } }]);
  held.resolve();
  expect((await first).status).toBe(200);
  expect((await post([])).status).toBe(200);
});
