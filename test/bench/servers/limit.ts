import { createServer } from 'node:http';
import { type WebSocket, WebSocketServer } from 'ws';
import type { Card, Touch } from '../cards.ts';
import { Records } from './records.ts';
import type { Served } from './served.ts';

type Up = { save: Card; n: number } | { load: true } | { since: number };

/** Raw `ws`: one message a write, one a change. It logs its changes in order to answer `since` in one message. */
export function limitServer(): Served {
  const http = createServer();
  const sockets = new Set<WebSocket>();
  const records = new Records();
  let touches: Touch[] = [];
  new WebSocketServer({ server: http, perMessageDeflate: false }).on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => undefined);
    socket.on('message', (text) => {
      const up = JSON.parse(String(text)) as Up;
      if ('save' in up) {
        records.save(up.save);
        for (const other of sockets) if (other !== socket) other.send(JSON.stringify({ change: up.save }));
        socket.send(JSON.stringify({ saved: up.n }));
      } else if ('load' in up) {
        socket.send(JSON.stringify({ rows: [...records.byId.values()], at: touches.length }));
      } else {
        socket.send(JSON.stringify({ changes: touches.slice(up.since), at: touches.length }));
      }
    });
  });
  return {
    http,
    async seed(cards) {
      for (const card of cards) records.save(card);
      records.writes = 0;
      touches = [];
    },
    async touch(list) {
      for (const touch of list) {
        records.touch(touch);
        touches.push(touch);
        const text = JSON.stringify({ changes: [touch], at: touches.length });
        for (const socket of sockets) socket.send(text);
      }
    },
    records: async () => records.byId.size,
    writes: async () => records.writes,
  };
}
