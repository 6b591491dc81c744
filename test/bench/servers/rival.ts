import { createServer } from 'node:http';
import { Server } from 'socket.io';
import type { Card } from '../cards.ts';
import { Records } from './records.ts';
import type { Served } from './served.ts';

/** What people write first: Socket.IO, an event with an ack per write, a broadcast per change. */
export function rivalServer(): Served {
  const http = createServer();
  const io = new Server(http, { transports: ['websocket'], serveClient: false });
  const records = new Records();
  io.on('connection', (socket) => {
    socket.on('save', (card: Card, ack: (answer: object) => void) => {
      records.save(card);
      socket.broadcast.emit('change', { id: card.id, set: card });
      ack({ id: card.id });
    });
    socket.on('load', (ack: (rows: readonly Card[]) => void) => ack([...records.byId.values()]));
  });
  return {
    http,
    async seed(cards) {
      for (const card of cards) records.save(card);
      records.writes = 0;
    },
    async touch(list) {
      for (const touch of list) {
        records.touch(touch);
        io.emit('change', touch);
      }
    },
    records: async () => records.byId.size,
    writes: async () => records.writes,
  };
}
