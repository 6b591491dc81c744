import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { until } from '../until.ts';
import { TcpProxy } from './tcp-proxy.ts';

let server: Server;
let proxy: TcpProxy;
let heard = '';

beforeEach(async () => {
  heard = '';
  server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.on('data', (piece) => {
      heard += piece;
      socket.write(piece);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  proxy = await TcpProxy.open((server.address() as AddressInfo).port);
});

afterEach(() => {
  proxy.close();
  server.close();
});

async function client(): Promise<{ socket: Socket; echoed: () => string; ended: () => string | undefined }> {
  let echoed = '';
  let ended: string | undefined;
  const socket = connect(proxy.port, '127.0.0.1');
  socket.on('data', (piece) => {
    echoed += piece;
  });
  socket.on('error', (error: NodeJS.ErrnoException) => {
    ended = error.code;
  });
  await new Promise((resolve) => socket.once('connect', resolve).once('close', resolve));
  return { socket, echoed: () => echoed, ended: () => ended };
}

describe('the network of the browser tests', () => {
  it('[BX9] passes both ways and counts', async () => {
    const { socket, echoed } = await client();
    socket.write('hello');
    await until('the echo is there', () => echoed() === 'hello');
    expect(proxy.bytes).toEqual({ up: 5, down: 5 });
    expect([proxy.connections, proxy.accepted]).toEqual([1, 1]);
  });

  it('[BX9] holds one way, and brings or loses what it held', async () => {
    const { socket, echoed, ended } = await client();
    proxy.hold('down');
    socket.write('one');
    await until('it arrived', () => heard === 'one' && proxy.bytes.down === 3);
    expect(echoed()).toBe('');
    proxy.flow();
    await until('the echo is there', () => echoed() === 'one');
    proxy.hold('up');
    socket.write('two');
    await until('the proxy has it', () => proxy.bytes.up === 6);
    proxy.cut();
    await until('the client is cut off', () => ended() === 'ECONNRESET');
    await proxy.restore();
    expect(heard).toBe('one');
  });

  it('[BX9] refuses while it is cut, and takes connections on the same port afterwards', async () => {
    const { port } = proxy;
    proxy.cut();
    expect((await client()).ended()).toBe('ECONNREFUSED');
    await proxy.restore();
    expect(proxy.port).toBe(port);
    const { socket, echoed } = await client();
    socket.write('again');
    await until('the echo is there', () => echoed() === 'again');
    expect(proxy.connections).toBe(1);
  });
});
