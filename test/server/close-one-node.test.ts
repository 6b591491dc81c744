import { createServer as createHttpServer } from 'node:http';
import { type Namespace, Server } from 'socket.io';
import { afterEach, expect, it } from 'vitest';
import { createServer, memoryStore } from '../../src/server.ts';
import { LiveServer, next } from './support/live-server.ts';

const servers: LiveServer[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.end();
});

type Adapter = Namespace['adapter'];
const Local = new Server().of('/').adapter.constructor as new (space: Namespace) => Adapter;

/** What every adapter for several nodes does with an order that is not for the local connections: it is for those of all. */
function clustered(): new (space: Namespace) => Adapter {
  const all: Adapter[] = [];
  return class extends Local {
    constructor(space: Namespace) {
      super(space);
      if (space.name === '/medulla') all.push(this);
    }

    override disconnectSockets(...[options, close]: Parameters<Adapter['disconnectSockets']>): void {
      const here = options.flags?.local ? [this] : all;
      for (const one of here) Local.prototype.disconnectSockets.call(one, options, close);
    }
  };
}

it('[OP6] one of several nodes that closes lets its own clients go, and no others, also where the Socket.IO server is the caller’s', async () => {
  const adapter = clustered();
  const store = memoryStore();
  for (let n = 0; n < 2; n++) {
    const http = createHttpServer();
    const io = new Server(http, { adapter: adapter as never });
    const options = { store, log: () => undefined, authenticate: ({ user }: { user: string }) => user };
    servers.push(await LiveServer.listen(http, createServer(io, options)));
  }
  const [first, second] = servers;
  const one = await first?.connect('ann');
  const two = await second?.connect('bob');
  if (!one || !two) throw new Error('There are not two nodes');
  const gone = next(one.socket, 'disconnect');
  await first?.medulla.close();
  expect(await gone).toBe('io server disconnect');
  // It is still there, and answered.
  expect(await two.socket.emitWithAck('message', { content: 1 })).toEqual({ answer: null });
  expect(two.socket.connected).toBe(true);
});
