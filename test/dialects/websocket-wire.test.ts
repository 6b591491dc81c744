import { expect, it } from 'vitest';
import { webSocketWire } from '../../src/hub/dialects/sockets/websocket-wire.ts';
import type { Attributes } from '../../src/protocol/attributes.ts';
import { VirtualClock } from '../../src/testing/virtual-clock.ts';
import { NativeServer } from '../conformance/dialects/websocket-server.ts';
import { openWire, TASKS } from './wire-recorder.ts';
import { expectLost, expectRefused, opened, partsFor, served } from './with-servers.ts';

const serve = (options?: { echoes: boolean }) => served(new NativeServer(options));
const open = (server: NativeServer, options?: Attributes) => opened(webSocketWire(partsFor(server, options)));

it.each([true, false])(
  '[DW8] is answered by the id of its request, or in order; names it: %s',
  async (echoes) => {
    const server = await serve({ echoes });
    const { call } = await open(server);
    const answers = await Promise.all([
      call({ method: 'create', attrs: { title: 'One' } }),
      call({ method: 'create', attrs: { title: 'Two' } }),
      call({ method: 'update', record: 1, attrs: { id: 1, title: 'Three' } }),
      call({ method: 'patch', record: 2, attrs: { done: true } }),
      call({ method: 'read', record: 2 }),
      call({ method: 'delete', record: 2 }),
      call({ method: 'read' }),
    ]);
    expect(answers).toEqual([
      { id: 1, title: 'One', revision: 1 },
      { id: 2, title: 'Two', revision: 1 },
      { id: 1, title: 'Three', revision: 2 },
      { id: 2, title: 'Two', done: true, revision: 2 },
      { id: 2, title: 'Two', done: true, revision: 2 },
      {},
      [{ id: 1, title: 'Three', revision: 2 }],
    ]);
    expect(server.heard.slice(2)).toEqual([
      { method: 'update', url: '/tasks/1', requestId: expect.any(String), id: 1, title: 'Three' },
      { method: 'patch', url: '/tasks/2', requestId: expect.any(String), id: 2, done: true },
      { method: 'read', url: '/tasks/2', requestId: expect.any(String), id: 2 },
      { method: 'delete', url: '/tasks/2', requestId: expect.any(String), id: 2 },
      { method: 'read', url: '/tasks', requestId: expect.any(String) },
    ]);
  },
);

it("[DW3] takes another's write that is handed on for a change, and what has a type for a message", async () => {
  const server = await serve();
  const [one, two] = [await open(server), await open(server)];
  two.link.follow?.(TASKS, {});
  const [created] = await Promise.all([two.next('changes'), one.call({ method: 'create', attrs: { a: 1 } })]);
  expect(created).toEqual({ topic: TASKS, record: 1, attrs: { a: 1, revision: 1 }, whole: true });
  const [deleted] = await Promise.all([two.next('changes'), one.call({ method: 'delete', record: 1 })]);
  expect(deleted).toMatchObject({ record: '1', attrs: null });
  const message = two.next('messages');
  server.say({ type: 'greeting', data: { text: 'hello' } });
  expect(await message).toEqual(['greeting', { text: 'hello' }]);
  const typed = two.next('changes');
  server.say({ type: 'task', data: { method: 'update', url: '/tasks/7', b: 2 } });
  expect(await typed).toEqual({ topic: TASKS, record: '7', attrs: { b: 2 }, whole: true });
  for (const url of ['/tasks2', '/tasks2/7', '/tasks/7/notes/1'])
    server.say({ method: 'update', url, id: 7 });
  const encoded = two.next('changes');
  server.say({ method: 'delete', url: '/tasks/a%20b' });
  expect(await encoded).toMatchObject({ record: 'a b', attrs: null });
});

it('[DW2] rejects with the error in the answer', async () => {
  const server = await serve();
  const wire = await open(server);
  await expectRefused(server, wire);
  await expect(wire.call({ method: 'read', record: 9 })).rejects.toMatchObject({ code: 'not-found' });
});

it('[DW4] rejects what has no answer when the link ends, and what comes after', async () => {
  const server = await serve();
  await expectLost(server, await open(server));
});

it('[DW9] takes a close code from 4400 to 4499 for a refusal, as HTTP means it', async () => {
  const server = await serve();
  const { closed } = await open(server);
  for (const socket of server.clients) socket.close(4401, 'Who are you?');
  expect(await closed).toEqual({ type: 'refused', code: 'unauthorized', message: 'Who are you?' });
});

it('[DW8] expects no answers where none are given: a write is done when it is sent, and a collection is empty', async () => {
  const server = await serve();
  const { call } = await open(server, { answers: 'none' });
  expect(await call({ method: 'update', record: 1, attrs: { id: 1 } })).toBeNull();
  expect(await call({ method: 'read' })).toEqual([]);
});

it('[DW7] goes to its own url with a subprotocol, the token and names of its own, and never over what a record has', async () => {
  const server = await serve();
  const { call } = await open(server, {
    url: '/live?v=1',
    protocol: ['tasks.v1'],
    tokenParameter: 'token',
    methodAttribute: 'action',
    requestAttribute: 'rid',
    answers: 'none',
  });
  await call({ method: 'create', attrs: { url: 'its own' } });
  const { call: second } = await open(server);
  await second({ method: 'read' });
  expect(server.handshakes[0]).toEqual({ url: '/live?v=1&token=secret', protocol: 'tasks.v1' });
  expect(server.heard[0]).toEqual({ action: 'create', rid: expect.any(String), url: 'its own' });
});

it('[DW8] a binary frame answers nothing, in whatever order', async () => {
  const sockets: FakeSocket[] = [];
  class Made extends FakeSocket {
    constructor() {
      super();
      sockets.push(this);
    }
  }
  const parts = partsFor({ url: 'http://a.example' }, { answers: 'order' });
  const { call } = await openWire(webSocketWire({ ...parts, WebSocket: Made as never }));
  const created = call({ method: 'create', attrs: { title: 'A' } });
  sockets[0]?.dispatchEvent(new MessageEvent('message', { data: new ArrayBuffer(2) }));
  sockets[0]?.say({ data: { id: 7 } });
  expect(await created).toEqual({ id: 7 });
});

/** A socket that says what the test says. */
class FakeSocket extends EventTarget {
  readonly sent: string[] = [];
  constructor() {
    super();
    queueMicrotask(() => this.dispatchEvent(new Event('open')));
  }
  send(text: string): void {
    this.sent.push(text);
  }
  close(): void {
    this.dispatchEvent(new Event('close'));
  }
  say(message: object): void {
    this.dispatchEvent(new MessageEvent('message', { data: JSON.stringify(message) }));
  }
}

it.each([
  [undefined, { requestId: 'device-1:1' }, ['first', 'timeout']],
  [undefined, {}, ['first']],
  ['order', {}, ['first']],
])(
  '[DW13] gives up a call alone only where answers are told apart by more than their order: %s, %j',
  async (answers, id, outcomes) => {
    const clock = new VirtualClock();
    const sockets: FakeSocket[] = [];
    class Made extends FakeSocket {
      constructor() {
        super();
        sockets.push(this);
      }
    }
    const parts = partsFor({ url: 'http://a.example' }, answers === undefined ? {} : { answers });
    const { call } = await openWire(webSocketWire({ ...parts, clock, WebSocket: Made as never }));
    const heard: unknown[] = [];
    const first = call({ method: 'read', record: 1 }).then(() => heard.push('first'));
    sockets[0]?.say({ ...id, data: { id: 1 } });
    await first;
    call({ method: 'read', record: 2 }).catch(({ code }) => heard.push(code));
    sockets[0]?.say({ type: 'news' });
    await clock.advance(20_000);
    expect(heard).toEqual(outcomes);
  },
);
