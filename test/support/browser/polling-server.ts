/** A server whose network lets no WebSocket through: all that is left is polling. */
import { createServer as createHttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createServer, sqliteStore } from '../../../src/server.ts';
import type { ServerSettings } from './server-process.ts';

const settings: ServerSettings = JSON.parse(process.argv[2] ?? '{}');
const http = createHttpServer();
createServer(http, { store: sqliteStore(settings.file), origin: '*' }).resource('/cards', { public: true });
// After the server's own: whatever asks for an upgrade is hung up on.
http.removeAllListeners('upgrade');
http.on('upgrade', (_request, stream) => stream.destroy());
process.on('disconnect', () => process.exit());
http.listen(settings.port, '127.0.0.1', () => process.send?.((http.address() as AddressInfo).port));
