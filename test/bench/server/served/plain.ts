import { createServer } from 'node:http';
import { Server } from 'socket.io';
import type { Card, Touch } from '../../cards.ts';
import type { LoadServed } from './load-served.ts';

/** What is asked of it, in Medulla's own words, so that the same bytes go up. */
interface Follow {
  readonly topics: readonly { readonly topic: string }[];
}
interface Push {
  readonly mutations: readonly {
    readonly mutation: { readonly id: string; readonly topic: string; readonly record: string; set: object };
  }[];
}

/**
 * Socket.IO as it comes: a room a topic, a Map of records, and an ack. It tells a change in the very words of Medulla,
 * and keeps nothing of what Medulla promises: no log, no receipts, no permission, no look at what it is given.
 */
export function plainServer(): LoadServed {
  const http = createServer();
  const io = new Server(http, { serveClient: false, perMessageDeflate: false });
  const topics = new Map<string, { records: Map<string, object>; offset: number }>();
  const at = (name: string) => {
    const found = topics.get(name) ?? { records: new Map<string, object>(), offset: 0 };
    topics.set(name, found);
    return found;
  };
  const tell = (name: string, record: string, set: object) => {
    const topic = at(name);
    topic.records.set(record, { ...topic.records.get(record), ...set });
    io.to(name).emit(name, topic.offset++, 'abcdef', [record, set]);
  };
  io.on('connection', (socket) => {
    socket.on('follow', async ({ topics }: Follow, ack: (answer: unknown) => void) => {
      for (const { topic } of topics) await socket.join(topic);
      ack({ topics: topics.map(({ topic }) => [...at(topic).records]) });
    });
    socket.on('push', ({ mutations }: Push, ack: (answer: unknown) => void) => {
      for (const { mutation } of mutations) tell(mutation.topic, mutation.record, mutation.set);
      ack({ ids: mutations.map(({ mutation: { id } }) => id) });
    });
  });
  return {
    http,
    space: '',
    auth: null,
    async seed(topic: string, cards: readonly Card[]) {
      for (const { id, ...set } of cards) at(topic).records.set(id, set);
    },
    touch: async (topic: string, { id, set }: Touch) => tell(topic, id, set),
    records: async (topic) => at(topic).records.size,
    head: async () => null,
    close: async () => void (await io.close()),
  };
}
