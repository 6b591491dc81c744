/** A server that answers every request with when nobody followed a topic any more: `{topic: milliseconds since 1970}`. */
import { createServer as createHttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Server } from 'socket.io';
import { createServer, memoryStore } from '../../../src/server.ts';
import type { ServerSettings } from './server-process.ts';

const settings: ServerSettings = JSON.parse(process.argv[2] ?? '{}');
const released: Record<string, number> = {};
const http = createHttpServer((_request, response) => response.end(JSON.stringify(released)));
const io = new Server(http, { cors: { origin: true }, serveClient: false });
const medulla = createServer(io, { store: memoryStore(), origin: /^http:\/\/127\.0\.0\.1:\d+$/ });
medulla.resource('/cards', { public: true });
medulla.resource('/:tab/cards', { public: true });
io.of('/medulla').adapter.on('delete-room', (room: string) => {
  if (room.startsWith('topic:')) released[room.slice('topic:'.length)] = Date.now();
});
process.on('disconnect', () => process.exit());

http.listen(settings.port, '127.0.0.1', () => process.send?.((http.address() as AddressInfo).port));
