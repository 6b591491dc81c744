import type { Socket } from 'socket.io-client';
import { afterEach, describe, expect, it } from 'vitest';
import { deferred } from '../support/deferred.ts';
import { handshake, sent } from './support/fake-peer.ts';
import { LiveServer, next } from './support/live-server.ts';

let server: LiveServer;
afterEach(() => server.end());

/** A server whose creates wait until they are let through. */
async function slowServer() {
  const [gate, begun] = [deferred<void>(), deferred<void>()];
  server = await LiveServer.start();
  server.medulla.resource('/tasks', { public: true }).create(async (_ctx, through) => {
    begun.resolve();
    await gate.promise;
    await through();
  });
  return { go: gate.resolve, began: begun.promise };
}

const push = (socket: Socket, id: string) =>
  socket.emitWithAck('push', { user: 'ann', mutations: [sent(id, { user: 'ann' })] });

describe('close', () => {
  it.each([['websocket'], ['polling']])(
    '[OP6] finishes what is under way over %s and answers it, tells when to come back, then hangs up',
    async (transport) => {
      const { go, began } = await slowServer();
      const { socket } = await server.connect('ann', [transport]);
      const heard: string[] = [];
      const leaving = next(socket, 'leaving').then((event) => {
        heard.push('leaving');
        return event;
      });
      const disconnected = next(socket, 'disconnect').then(() => heard.push('disconnect'));
      const answer = push(socket, 'a:1').then(({ receipts }) => heard.push(receipts[0].type));
      await began;
      const closed = server.medulla.close({ after: 500, spread: 0 });
      expect(await leaving).toEqual({ after: 500 });
      // Too late: it goes again, to the next.
      expect(await push(socket, 'a:2')).toEqual({
        refused: { code: 'retry', message: expect.any(String), after: 1_000 },
      });
      go();
      await Promise.all([answer, disconnected, closed]);
      expect(heard).toEqual(['leaving', 'applied', 'disconnect']);
    },
  );

  it('[OP6] lets nobody in any more, and says so to load balancers, from the first moment on', async () => {
    const { go, began } = await slowServer();
    const { socket } = await server.connect('ann');
    const answer = push(socket, 'a:1');
    await began;
    const closed = server.medulla.close();
    const health = await fetch(`${server.url}/medulla/health`);
    expect([health.status, await health.json()]).toEqual([503, { ok: false, why: 'closing' }]);
    expect((await fetch(`${server.url}/medulla/health/live`)).status).toBe(200);
    const late = server.dial(handshake('bob'));
    expect(await next(late, 'connect_error')).toMatchObject({ data: { code: 'retry' } });
    const twin = await fetch(`${server.url}/medulla/push`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ ...handshake('bob'), mutations: [] }),
    });
    expect([twin.status, await twin.json()]).toMatchObject([503, { refused: { code: 'retry' } }]);
    go();
    expect((await answer).receipts[0].type).toBe('applied');
    await closed;
  });

  it('[OP6] cuts off what does not end within the time', async () => {
    const { began } = await slowServer();
    const { socket } = await server.connect('ann');
    const disconnected = next(socket, 'disconnect');
    socket.emit('push', { user: 'ann', mutations: [sent('a:1', { user: 'ann' })] });
    await began;
    await server.medulla.close({ within: 100 });
    await disconnected;
  });

  it('[OP6] is asked for in milliseconds', async () => {
    server = await LiveServer.start();
    for (const options of [{ within: -1 }, { after: Number.NaN }, { spread: Number.POSITIVE_INFINITY }])
      expect(() => server.medulla.close(options)).toThrow(/close takes as \w+ a number/);
    expect(() => server.medulla.close({ whitin: 1 } as never)).toThrow('did you mean within?');
  });
});
