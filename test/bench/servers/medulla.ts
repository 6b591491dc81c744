import { createServer as createHttpServer } from 'node:http';
import type { Topic } from '../../../src/protocol/ids.ts';
import { createServer, memoryStore, sqliteStore } from '../../../src/server.ts';
import { temporaryFile } from '../temporary-file.ts';
import type { Served } from './served.ts';

const TOPIC = '/cards' as Topic;

/** Medulla's server as anybody sets it up, with one public resource. */
export async function medullaServer(kind: 'memory' | 'sqlite'): Promise<Served> {
  const http = createHttpServer();
  const store = kind === 'memory' ? memoryStore() : sqliteStore(temporaryFile('cards.db'));
  const medulla = createServer(http, { store });
  const cards = medulla.resource(TOPIC, { public: true });
  let seeded = 0;
  const offset = async () => (await store.head(TOPIC)).offset;
  return {
    http,
    async seed(list) {
      await cards.publish(list.map(({ id, ...set }) => ({ record: id, set })));
      seeded = await offset();
    },
    async touch(touches) {
      await cards.publish(touches.map(({ id, set }) => ({ record: id, set })));
    },
    records: async () => (await store.page(TOPIC, null, { rows: 1_000_000, bytes: 1e9 })).rows.length,
    writes: async () => (await offset()) - seeded,
  };
}
