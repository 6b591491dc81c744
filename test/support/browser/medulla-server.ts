/** The server that browser tests talk to: a process of its own, so that a test can kill it. */
import { createServer as createHttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Publish, ServerSettings } from './server-process.ts';

const settings: ServerSettings = JSON.parse(process.argv[2] ?? '{}');
const { createServer, sqliteStore }: typeof import('../../../src/server.ts') = await import(
  settings.module ?? '../../../src/server.ts'
);
const http = createHttpServer();
const medulla = createServer(http, {
  store: sqliteStore(settings.file),
  authenticate: ({ user }) => user,
  // Pages come from another port.
  origin: /^http:\/\/127\.0\.0\.1:\d+$/,
  ...(settings.module && { assets: false as const }),
});
medulla.resource('/:user/cards', { authorize: ({ user, params }) => user === params.user });

medulla.backend('messages', { public: true });
// What one page says all pages hear.
medulla.on('message', (_session, content) => {
  medulla.send('said', content);
  return { echo: content };
});

let serial = process.pid * 1_000_000;
const cards = medulla.resource('/cards', { public: true }).create(async (ctx, next) => {
  // A number that is given once: two effects of one write would show two.
  ctx.set.serial = ++serial;
  await next();
});

process.on('message', async ({ count, records, size }: Publish) => {
  for (let n = 0; n < count; n += 100) {
    const changes = Array.from({ length: Math.min(100, count - n) }, (_, i) => ({
      record: String((n + i) % records),
      set: { n: n + i, text: `${n + i}`.padEnd(size, '.') },
    }));
    await cards.publish(changes);
  }
  process.send?.('published');
});
process.on('disconnect', () => process.exit());

http.listen(settings.port, '127.0.0.1', () => process.send?.((http.address() as AddressInfo).port));
