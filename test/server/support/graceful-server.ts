/** A server as the manual has it: a process that ends in peace when it is told to. */
import { createServer as createHttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createServer, memoryStore } from '../../../src/server.ts';

const http = createHttpServer();
const medulla = createServer(http, { store: memoryStore(), authenticate: ({ user }) => user });
medulla.resource('/tasks', { public: true }).create(async (_ctx, next) => {
  process.send?.('begun');
  // The test lets it go on.
  await new Promise((resolve) => process.once('message', resolve));
  await next();
});

process.once('SIGTERM', async () => {
  process.send?.('told');
  await medulla.close({ within: 10_000 });
  http.close();
  http.closeAllConnections();
  process.disconnect?.();
});

http.listen(0, '127.0.0.1', () => process.send?.((http.address() as AddressInfo).port));
