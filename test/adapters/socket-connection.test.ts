import { afterEach, expect, it } from 'vitest';
import type { Log } from '../../src/base/log.ts';
import { socketConnection } from '../../src/hub/adapters/socket-connection.ts';
import type { Link } from '../../src/hub/connection.ts';
import type { Topic } from '../../src/protocol/ids.ts';
import { PROTOCOL } from '../../src/protocol/version.ts';
import { deferred } from '../support/deferred.ts';
import { HELLO, type RecordedLink, recorded } from './link-recorder.ts';
import { type Behaviour, socketServer, type TestServer, WELCOME } from './socket-server.ts';

const CARDS = '/cards' as Topic;
const READ = { topic: CARDS };
const denied = (code: string) => ({ topic: CARDS, code, message: 'No.' });

const servers: TestServer[] = [];
const links: RecordedLink[] = [];
const logged: [string, unknown][] = [];
const log: Log = (_level, event, details) => logged.push([event, details]);

afterEach(async () => {
  for (const { link } of links.splice(0)) link.close();
  await Promise.all(servers.splice(0).map((server) => server.close()));
  logged.length = 0;
});

async function serve(...args: Parameters<typeof socketServer>): Promise<TestServer> {
  const server = await socketServer(...args);
  servers.push(server);
  return server;
}

function connect(server: string, onEvent?: (link: Link) => void): RecordedLink {
  const link = recorded(socketConnection({ server, path: '/socket.io', log }), onEvent);
  links.push(link);
  return link;
}

/** A server that welcomes, then behaves; and a link to it that is open. */
async function open(behave: Behaviour): Promise<RecordedLink> {
  const { url } = await serve((socket) => {
    socket.emit('welcome', WELCOME);
    behave(socket);
  });
  const link = connect(url);
  await link.opened;
  return link;
}

it('[CN1] says who it is and is open with the welcome, over one WebSocket', async () => {
  const server = await serve((socket) => socket.emit('welcome', WELCOME));
  const { heard, opened } = connect(server.url);
  expect(await opened).toEqual(WELCOME);
  expect(heard).toEqual([['opened', WELCOME]]);
  expect(server.sockets.map((socket) => socket.handshake.auth)).toEqual([{ protocol: PROTOCOL, ...HELLO }]);
  expect(server.sockets[0]?.conn.transport.name).toBe('websocket');
});

it('[CN2] answers each request with its own answer, whichever comes first', async () => {
  const answers: (() => void)[] = [];
  const both = deferred<void>();
  const { link } = await open((socket) =>
    socket.on('read', ({ record }, ack) => {
      answers.push(() => ack({ rows: [[record, 1, {}]] }));
      if (answers.length === 2) both.resolve();
    }),
  );
  const [first, second] = [1, 2].map((record) => link.request('read', { topic: CARDS, record }));
  await both.promise;
  for (const answer of answers.reverse()) answer();
  expect(await second).toEqual({ rows: [[2, 1, {}]] });
  expect(await first).toEqual({ rows: [[1, 1, {}]] });
});

it('[CN3] rejects with the server’s own code where it refuses, and says when to come again', async () => {
  const refusals = [
    { code: 'forbidden', message: 'Not yours.' },
    { code: 'rate', message: 'Too fast.', after: 500 },
    { code: 'from-the-future', message: 'What?' },
  ];
  const { link } = await open((socket) => socket.on('read', (_, ack) => ack({ refused: refusals.shift() })));
  await expect(link.request('read', READ)).rejects.toMatchObject({
    code: 'forbidden',
    message: 'Not yours.',
  });
  await expect(link.request('read', READ)).rejects.toMatchObject({ code: 'rate', details: { after: 500 } });
  await expect(link.request('read', READ)).rejects.toMatchObject({ code: 'internal', message: 'What?' });
});

it('[CN4] rejects a request whose answer does not parse, and answers the next', async () => {
  const answers = [[{ rows: 'none' }], [], [null], [{ rows: [] }]];
  const { link } = await open((socket) => socket.on('read', (_, ack) => ack(...(answers.shift() ?? []))));
  for (let bad = 0; bad < 3; bad++)
    await expect(link.request('read', READ)).rejects.toMatchObject({ code: 'bad-message' });
  expect(await link.request('read', READ)).toEqual({ rows: [] });
});

it('[CN5] rejects what was not answered when the server cuts the link, and all that is asked afterwards', async () => {
  const names: string[] = [];
  const { link, closed, heard } = await open((socket) => {
    socket.onAny((name) => names.push(name));
    socket.on('release', () => socket.conn.close());
  });
  const read = link.request('read', READ);
  const release = link.request('release', READ);
  await expect(read).rejects.toMatchObject({ code: 'unreachable' });
  await expect(release).rejects.toMatchObject({ code: 'unreachable' });
  expect(await closed).toMatchObject({ type: 'lost' });
  await expect(link.request('read', READ)).rejects.toMatchObject({ code: 'unreachable' });
  expect(names).toEqual(['read', 'release']);
  link.close();
  expect(heard.map(([name]) => name)).toEqual(['opened', 'closed']);
});

it('[CN5] sends nothing before the welcome', async () => {
  const names: string[] = [];
  const server = await serve((socket) => {
    socket.onAny((name) => names.push(name));
    socket.on('read', (_, ack) => ack({ rows: [] }));
    socket.emit('welcome', WELCOME);
  });
  const { link, opened } = connect(server.url);
  await expect(link.request('release', READ)).rejects.toMatchObject({ code: 'unreachable' });
  await opened;
  await link.request('read', READ);
  expect(names).toEqual(['read']);
});

it('[CN5] takes a server that ends the socket for a link that is lost', async () => {
  const { closed } = await open((socket) => socket.disconnect());
  expect(await closed).toEqual({ type: 'lost', reason: 'io server disconnect' });
});

it('[CN6] says with which code the server refused the connection', async () => {
  const codes = ['unauthorized', 'from-the-future'];
  const refuse = () =>
    Object.assign(new Error('refused'), { data: { code: codes.shift(), message: 'Who?' } });
  const { url } = await serve(() => undefined, { refuse });
  const first = connect(url);
  expect(await first.closed).toEqual({ type: 'refused', code: 'unauthorized', message: 'Who?' });
  expect(await connect(url).closed).toEqual({ type: 'refused', code: 'internal', message: 'Who?' });
  expect(first.heard).toHaveLength(1);
});

it('[CN6] is lost where the server is down, or the refusal is not one of ours', async () => {
  const { url } = await serve(() => undefined, { refuse: () => new Error('middleware broke') });
  expect(await connect(url).closed).toEqual({ type: 'lost', reason: 'middleware broke' });
  const gone = await socketServer(() => undefined);
  await gone.close();
  const { closed, heard } = connect(gone.url);
  expect(await closed).toMatchObject({ type: 'lost' });
  expect(heard.map(([name]) => name)).toEqual(['closed']);
});

it('[CN7] drops and logs events that do not parse or come out of turn, and delivers the next', async () => {
  const server = await serve((socket) => {
    socket.emit('denied', denied('forbidden'));
    socket.emit('welcome', WELCOME);
    socket.emit('welcome', WELCOME);
    socket.emit('denied', { topic: 7 });
    socket.emit('/cards');
    socket.emit('/cards', 0, 'm', ['a']);
    socket.emit('surprise', {});
    socket.emit('denied', denied('gone'));
  });
  const { heard, opened, nextEvent } = connect(server.url);
  const event = nextEvent();
  await opened;
  expect(await event).toEqual(denied('gone'));
  expect(heard.map(([name]) => name)).toEqual(['opened', 'denied']);
  expect(logged.map(([event]) => event)).toEqual(Array(6).fill('event-dropped'));
});

it('[CN7] delivers nothing after the hub has closed the link, though more was under way', async () => {
  const { url } = await serve((socket) => {
    socket.emit('welcome', WELCOME);
    for (let i = 0; i < 3; i++) socket.emit('denied', denied('gone'));
  });
  const { heard, closed } = connect(url, (link) => link.close());
  await closed;
  expect(heard.map(([name]) => name)).toEqual(['opened', 'denied', 'closed']);
});

it('[CN8] ends the link as refused where the welcome does not parse', async () => {
  const { url } = await serve((socket) => socket.emit('welcome', { ...WELCOME, number: 'one' }));
  const { closed, heard } = connect(url);
  expect(await closed).toMatchObject({ type: 'refused', code: 'bad-message' });
  expect(heard.map(([name]) => name)).toEqual(['closed']);
});

it('[CN9] reports a closed link as lost, once and afterwards, whether it was open or not', async () => {
  const { url } = await serve((socket) => socket.emit('welcome', WELCOME));
  const early = connect(url);
  early.link.close();
  early.link.close();
  expect(early.heard).toEqual([]);
  expect(await early.closed).toMatchObject({ type: 'lost' });
  const late = connect(url);
  await late.opened;
  late.link.close();
  expect(late.heard).toHaveLength(1);
  expect(await late.closed).toMatchObject({ type: 'lost' });
  late.link.close();
  expect([early, late].map(({ heard }) => heard.map(([name]) => name))).toEqual([
    ['closed'],
    ['opened', 'closed'],
  ]);
});

it('[CN1] makes one attempt and leaves the next to the hub', async () => {
  const server = await serve((socket) => {
    socket.emit('welcome', WELCOME);
    if (server.sockets.length === 1) socket.conn.close();
  });
  await connect(server.url).closed;
  await connect(server.url).opened;
  expect(server.sockets).toHaveLength(2);
});

it('[CN10] falls back on polling where WebSockets fail', async () => {
  const server = await serve(
    (socket) => {
      socket.emit('welcome', WELCOME);
      socket.on('read', (_, ack) => ack({ rows: [] }));
    },
    { transports: ['polling'] },
  );
  const { link, opened } = connect(server.url);
  await opened;
  expect(await link.request('read', READ)).toEqual({ rows: [] });
  expect(server.sockets[0]?.conn.transport.name).toBe('polling');
});

it('[CN10] begins with polling after an attempt that had to be given up', async () => {
  const asked = deferred<void>();
  const server = await serve((socket) => socket.emit('welcome', WELCOME), {
    transports: ['polling'],
    swallow: () => asked.resolve(),
  });
  const connection = socketConnection({ server: server.url, path: '/socket.io', log });
  const first = recorded(connection);
  await asked.promise;
  first.link.close();
  await first.closed;
  const second = recorded(connection);
  links.push(second);
  expect(await second.opened).toEqual(WELCOME);
});
