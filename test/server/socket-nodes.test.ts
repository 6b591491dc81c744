import { createServer as createHttpServer } from 'node:http';
import { type Namespace, Server } from 'socket.io';
import { afterEach, expect, it, vi } from 'vitest';
import { unpackLive } from '../../src/protocol/live.ts';
import { createServer, memoryStore } from '../../src/server.ts';
import { LiveServer } from './support/live-server.ts';

const servers: LiveServer[] = [];
afterEach(async () => {
  vi.restoreAllMocks();
  for (const server of servers.splice(0)) await server.end();
});

type InMemory = new (space: Namespace) => Namespace['adapter'];
type Adapter = (space: Namespace) => Namespace['adapter'];

/** An adapter as they are written for Socket.IO, over its own one; the wire is a list of the nodes. */
function joined(): Adapter {
  const nodes = new Set<Namespace>();
  const InMemory = new Server().of('/').adapter.constructor as InMemory;
  class Joined extends InMemory {
    constructor(space: Namespace) {
      super(space);
      nodes.add(space);
    }
    override serverSideEmit(packet: unknown[]): void {
      for (const node of nodes)
        if (node !== this.nsp) node._onServerSideEmit(JSON.parse(JSON.stringify(packet)));
    }
  }
  return Joined as unknown as Adapter;
}

async function start(store = memoryStore(), adapter?: Adapter): Promise<LiveServer> {
  const http = createHttpServer();
  const options = { store, log: () => undefined, ...(adapter && { adapter }) };
  const server = await LiveServer.listen(http, createServer(http, options));
  server.medulla.resource('/tasks', { public: true });
  servers.push(server);
  return server;
}

/** Somebody who follows; `line` is what they are told first. */
async function followed(server: LiveServer): Promise<{ readonly line: Promise<unknown[]> }> {
  const { socket } = await server.connect();
  await socket.emitWithAck('follow', { topics: [{ topic: '/tasks', cursor: null, live: true }] });
  return { line: new Promise((resolve) => socket.once('/tasks', (...line: unknown[]) => resolve(line))) };
}

it('[MN1] goes over any adapter that reaches other nodes: each tells its own connections', async () => {
  const [store, adapter] = [memoryStore(), joined()];
  const [one, other] = [await start(store, adapter), await start(store, adapter)];
  const [here, there] = [await followed(one), await followed(other)];
  await one.medulla.publish('/tasks', { record: 'x', set: { n: 1 } });
  for (const { line } of [here, there])
    expect(unpackLive('/tasks', await line)).toMatchObject({
      from: 0,
      to: 1,
      entries: [['x', 1, { n: 1 }, '*']],
    });
});

it('[MN7] says nothing where there are no others: Socket.IO’s own adapter would complain', async () => {
  const warn = vi.spyOn(console, 'warn');
  const server = await start();
  const { line } = await followed(server);
  await server.medulla.publish('/tasks', { record: 'x', set: { n: 1 } });
  expect(unpackLive('/tasks', await line)).toMatchObject({ from: 0, to: 1 });
  expect(warn).not.toHaveBeenCalled();
});
