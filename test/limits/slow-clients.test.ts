import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import type { Cancel } from '../../src/base/clock.ts';
import { settle, VirtualClock } from '../../src/testing/virtual-clock.ts';
import { FakePeer, handshake, sent } from '../server/support/fake-peer.ts';
import { LiveServer } from '../server/support/live-server.ts';
import { publicCore, testCore } from '../server/support/test-core.ts';
import { deferred } from '../support/deferred.ts';
import { RawSocket } from './raw-socket.ts';

let server: LiveServer | null = null;
afterEach(async () => {
  await server?.end();
  server = null;
});

const tooMany = { refused: { code: 'rate', message: expect.any(String), after: 1_000 } };

it('[LI10] holds so many requests of a connection that wait for their answers', async () => {
  const { core } = testCore({ limits: { unanswered: 3 } });
  const said = deferred<string>();
  core.on('message', () => said.promise);
  const [ann, bob] = [await FakePeer.connect(core, 'ann'), await FakePeer.connect(core, 'bob')];
  const say = (peer: FakePeer) => peer.session.handle('message', { content: 1 });
  const asked = [say(ann), say(ann), say(ann)];
  expect(await say(ann)).toEqual(tooMany);
  asked.push(say(bob));
  said.resolve('now');
  expect(await Promise.all(asked)).toEqual(Array(4).fill({ answer: 'now' }));
  expect(await say(ann)).toEqual({ answer: 'now' });
});

it('[LI10] holds sixteen pushes of a connection', async () => {
  const { core, tasks } = await publicCore();
  const gate = deferred<void>();
  tasks.use(async (_ctx, next) => {
    await gate.promise;
    await next();
  });
  const { session } = await FakePeer.connect(core);
  const push = (n: number) =>
    session.handle('push', { user: '', mutations: [sent(`a:${n}`, { record: `r${n}` })] });
  const pushes = Array.from({ length: 16 }, (_, n) => push(n));
  expect(await push(16)).toEqual(tooMany);
  gate.resolve();
  expect(await Promise.all(pushes)).toMatchObject(Array(16).fill({ receipts: [{ type: 'applied' }] }));
  expect(await push(16)).toMatchObject({ receipts: [{ type: 'applied' }] });
});

it('[LI11] ends a connection that does not say who it is, or is of nobody’s namespace', async () => {
  server = await LiveServer.start({ limits: { deadline: 200 } });
  const silent = new RawSocket(server.url);
  const stranger = new RawSocket(server.url);
  await once(stranger.ws, 'open');
  stranger.ws.send('40');
  expect(await stranger.next((text) => text.startsWith('44'))).toContain('/medulla');
  const { socket } = await server.connect();
  await Promise.all([silent.closed(), stranger.closed()]);
  expect(socket.connected).toBe(true);
});

it('[LI11] asks the application about one handshake of a connection at a time', async () => {
  let asked = 0;
  const never = new Promise<never>(() => undefined);
  server = await LiveServer.start({
    authenticate: () => {
      asked++;
      return never;
    },
  });
  const raw = new RawSocket(server.url);
  await once(raw.ws, 'open');
  for (let n = 0; n < 100; n++) raw.ws.send(`40/medulla,${JSON.stringify(handshake())}`);
  await raw.closed();
  expect(asked).toBe(1);
});

const HEAD = [
  'POST /medulla/push HTTP/1.1',
  'Host: x',
  'Content-Type: application/json',
  'Content-Length: 900',
];

/** A clock that is turned by hand, and says when somebody is given a deadline. */
class Deadlines extends VirtualClock {
  #given = () => {};
  readonly given = new Promise<void>((resolve) => {
    this.#given = resolve;
  });

  override after(ms: number, fn: () => void): Cancel {
    if (ms === DEADLINE) this.#given();
    return super.after(ms, fn);
  }
}
const DEADLINE = 30_000;

/** A request by HTTP whose body has begun, and no more than that. */
async function begun({ url }: LiveServer, clock: Deadlines, body = '{"protocol":'): Promise<Socket> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  socket.write(`${HEAD.join('\r\n')}\r\n\r\n${body}`);
  await clock.given;
  await settle();
  return socket;
}

async function answerTo(socket: Socket): Promise<string> {
  const parts: string[] = [];
  for await (const part of socket) parts.push(String(part));
  return parts.join('');
}

it('[LI12] answers a body that does not come in time, and hangs up', async () => {
  const clock = new Deadlines();
  server = await LiveServer.start({ clock, limits: { deadline: DEADLINE } });
  const socket = await begun(server, clock);
  const answer = answerTo(socket);
  await clock.advance(29_000);
  socket.write('2');
  await clock.advance(1_000);
  expect(await answer).toMatch(/^HTTP\/1\.1 408 .*"code":"timeout"/s);
});

it('[LI12] holds only so much of what is on its way by HTTP', async () => {
  const clock = new Deadlines();
  server = await LiveServer.start({ clock, limits: { bodies: 1_000, bytes: 1_000, deadline: DEADLINE } });
  const { url } = server;
  const post = (size: number) =>
    fetch(`${url}/medulla/push`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ ...handshake(), mutations: [], more: 'x'.repeat(size) }),
    });
  const slow = await begun(server, clock, `{"more":"${'x'.repeat(600)}`);
  expect((await post(100)).status).toBe(200);
  const refused = await post(600);
  expect([refused.status, await refused.json()]).toMatchObject([503, { refused: { code: 'retry' } }]);
  const told = answerTo(slow);
  await clock.advance(DEADLINE);
  expect(await told).toContain('408');
  expect((await post(600)).status).toBe(200);
});
