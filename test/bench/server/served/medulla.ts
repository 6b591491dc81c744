import { createServer as createHttpServer } from 'node:http';
import type { Topic } from '../../../../src/protocol/ids.ts';
import { PROTOCOL } from '../../../../src/protocol/version.ts';
import type { Store } from '../../../../src/server/store.ts';
import { createServer } from '../../../../src/server.ts';
import { PATTERN } from '../topics.ts';
import type { LoadServed } from './load-served.ts';

/** Medulla's server as anybody sets it up, with one public resource. */
export async function medullaServer(
  store: Store,
  done: () => Promise<void> = async () => {},
): Promise<LoadServed> {
  const http = createHttpServer();
  const medulla = createServer(http, { store });
  medulla.resource(PATTERN, { public: true });
  await medulla.ready;
  return {
    http,
    space: '/medulla',
    auth: { protocol: PROTOCOL, user: '', token: null, device: 'bench' },
    async seed(topic, cards) {
      const changes = cards.map(({ id, ...set }) => ({ record: id, set }));
      for (let at = 0; at < changes.length; at += 1_000)
        await medulla.publish(topic, changes.slice(at, at + 1_000));
    },
    touch: async (topic, { id, set }) => void (await medulla.publish(topic, { record: id, set })),
    records: async (topic) =>
      (await store.page(topic as Topic, null, { rows: 1e9, bytes: 1e12 })).rows.length,
    head: (topic) => store.head(topic as Topic),
    async close() {
      await medulla.close();
      await done();
    },
  };
}
