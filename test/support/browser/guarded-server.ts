/** A server that knows one user, by a cookie or by a token, and lets nobody else in. */
import { createServer as createHttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createServer, sqliteStore } from '../../../src/server.ts';
import type { ServerSettings } from './server-process.ts';

const settings: ServerSettings = JSON.parse(process.argv[2] ?? '{}');
const http = createHttpServer();
createServer(http, {
  store: sqliteStore(settings.file),
  origin: /^http:\/\/127\.0\.0\.1:\d+$/,
  authenticate: ({ token, headers }) =>
    token === 'of ann' || headers.cookie === 'session=ann' ? 'ann' : null,
}).resource('/cards', { authorize: ({ user }) => user === 'ann' });
process.on('disconnect', () => process.exit());
http.listen(settings.port, '127.0.0.1', () => process.send?.((http.address() as AddressInfo).port));
