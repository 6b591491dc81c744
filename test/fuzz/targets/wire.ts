import { createServer as createHttpServer } from 'node:http';
import { connect } from 'node:net';
import { WebSocket } from 'ws';
import { createServer } from '../../../src/server/node/create-server.ts';
import { memoryStore } from '../../../src/server/stores/memory-store.ts';
import { handshake, sent } from '../../server/support/fake-peer.ts';
import { LiveServer, next } from '../../server/support/live-server.ts';
import { type PollFrame, type WireFrame, wireFrame } from '../frames/wire-frames.ts';
import type { Fed, Target } from '../target.ts';
import { told } from '../told.ts';
import { Polling } from './polling.ts';
import { addResources, CANARY } from './victims.ts';

const TOPIC = '/secrets/alice';

/** A server on the loopback with alice at a socket of hers, and whoever comes by the wire itself. */
async function open(): Promise<Fed> {
  const said: string[] = [];
  const { error } = console;
  console.error = (...words: unknown[]) => void said.push(words.map(String).join(' '));
  const http = createHttpServer();
  const medulla = createServer(http, {
    store: memoryStore(),
    metrics: true,
    authenticate: ({ user, token }) => (user === 'alice' && token !== 'hers' ? null : user),
    log: (level, event, details) =>
      void (level === 'error' && said.push(`${event} ${String(details?.error)}`)),
  });
  addResources(medulla as never);
  const server = await LiveServer.listen(http, medulla);
  const alice = server.dial({ ...handshake('alice'), token: 'hers' });
  await next(alice, 'welcome');
  const mine = sent('alice:1', { user: 'alice', topic: TOPIC, record: 's1', set: { title: CANARY } });
  await alice.timeout(10_000).emitWithAck('push', { user: 'alice', mutations: [mine] });
  const heard: string[] = [];
  let socket = await dial(server, heard);
  const { hostname, port } = new URL(server.url);
  const polling = new Polling({ hostname, port }, heard);
  let fed = 0;

  /** All that was sent is through, alice is served as before, and nobody else was told of her. */
  async function look(): Promise<string | undefined> {
    const answer = await alice.timeout(10_000).emitWithAck('read', { topic: TOPIC });
    const [row] = answer.rows ?? [];
    if (JSON.stringify(row) !== JSON.stringify(['s1', 1, { title: CANARY }]))
      return `alice has ${JSON.stringify(answer)}`;
    const [word] = said.splice(0);
    return word === undefined ? told(heard.splice(0)) : `the server said: ${word}`;
  }

  return {
    frame: wireFrame,
    async feed(frame) {
      const { by, said: text } = frame as WireFrame;
      if (by === 'poll') await polling.feed(frame as PollFrame);
      else if (by === 'http') heard.push(await answerTo(server, text));
      else {
        if (socket.readyState !== WebSocket.OPEN) socket = await dial(server, heard);
        socket.send(by === 'bytes' ? Buffer.from(text) : text);
        // Time to be read, and for the connection to be closed where it was no frame: what is sent after that is not read.
        for (let turns = 0; turns < 3; turns++) await new Promise((resolve) => setImmediate(resolve));
      }
      return ++fed % 50 === 0 ? look() : undefined;
    },
    async close() {
      socket.close();
      await polling.end();
      const problem = await look();
      while (medulla.sessions.size > 1) await new Promise((resolve) => setImmediate(resolve));
      await server.end();
      console.error = error;
      return problem;
    },
  };
}

/** A connection that is let in as mallory; what it hears is kept. */
async function dial(server: LiveServer, heard: string[]): Promise<WebSocket> {
  const socket = new WebSocket(`${server.url.replace('http', 'ws')}/socket.io/?EIO=4&transport=websocket`);
  socket.on('error', () => undefined);
  socket.on('message', (data) => void heard.push(String(data)));
  await new Promise((resolve, reject) => {
    socket.once('open', resolve);
    socket.once('close', reject);
  });
  socket.send(`40/medulla,${JSON.stringify(handshake('mallory'))}`);
  return socket;
}

/** What the server answers to a request as it stands there, until it hangs up or has nothing to say for a while. */
function answerTo(server: LiveServer, text: string): Promise<string> {
  const { port, hostname } = new URL(server.url);
  return new Promise((resolve) => {
    let all = '';
    const socket = connect(Number(port), hostname, () => socket.end(text));
    const end = () => {
      socket.destroy();
      resolve(all);
    };
    socket.setTimeout(2_000, end);
    socket.on('data', (data) => {
      all += data;
    });
    socket.on('error', end);
    socket.on('close', end);
  });
}

/** Raw frames of Engine.IO, Socket.IO and HTTP. */
export const wire: Target = { name: 'wire', share: 3, each: 2_000, open };
