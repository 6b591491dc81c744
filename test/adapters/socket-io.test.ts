import { afterEach, expect, it } from 'vitest';
import { SocketIo } from '../../src/hub/adapters/socket-io.ts';
import { deferred } from './deferred.ts';
import { type Behaviour, socketServer, type TestServer } from './socket-server.ts';

const servers: TestServer[] = [];
const sockets: SocketIo[] = [];

afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.close();
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

/** A socket, and what it hears up to its end or to an event named `last`. */
async function heardOf(behave: Behaviour, heardToo: (name: string) => void = () => undefined) {
  const server = await socketServer(behave);
  servers.push(server);
  const heard: unknown[] = [];
  const done = deferred<void>();
  const listener = {
    event(name: string, args: readonly unknown[]) {
      heard.push([name, ...args]);
      if (name === 'last') done.resolve();
      heardToo(name);
    },
    ended(reason: string) {
      heard.push(reason);
      done.resolve();
    },
  };
  const options = { path: '/socket.io', transports: ['polling'] };
  sockets.push(new SocketIo(server.url, options, { namespace: '/medulla', auth: {}, listener }));
  await done.promise;
  return heard;
}

it('[CN11] ends where something comes that is no JSON', async () => {
  const heard = await heardOf((socket) => {
    socket.conn.write('2/medulla,["first"');
    socket.emit('last');
  });
  expect(heard).toEqual(['parse error']);
});

it('[CN11] takes no notice of other namespaces, of answers that nobody waits for and of what is no packet', async () => {
  const heard = await heardOf((socket) => {
    for (const packet of ['2/other,["no"]', '2["no"]', '3/medulla,77["no"]', 'what', '', '9/medulla,[]'])
      socket.conn.write(packet);
    socket.emit('last', 1, { text: 'a,b\n[c]' });
  });
  expect(heard).toEqual([['last', 1, { text: 'a,b\n[c]' }]]);
});

it('[CN11] delivers what came together, though a listener throws', async () => {
  const thrown: unknown[] = [];
  const catches = (error: unknown) => thrown.push(error);
  const before = process.listeners('uncaughtException');
  process.removeAllListeners('uncaughtException');
  process.on('uncaughtException', catches);
  const heard = await heardOf(
    (socket) => {
      socket.emit('first');
      socket.emit('last');
    },
    (name) => {
      if (name === 'first') throw new Error('of the application');
    },
  );
  process.removeListener('uncaughtException', catches);
  for (const listener of before) process.on('uncaughtException', listener);
  expect(heard).toEqual([['first'], ['last']]);
  expect(thrown.map(String)).toEqual(['Error: of the application']);
});
