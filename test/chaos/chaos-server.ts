/** The server that chaos kills: two topics, one of which refuses conflicts; both refuse titles that ask for it. */
import { createServer as createHttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createServer, Refusal, sqliteStore } from '../../src/server.ts';
import type { ServerSettings } from '../support/browser/server-process.ts';
import { POISON } from './words.ts';

const settings: ServerSettings = JSON.parse(process.argv[2] ?? '{}');
const http = createHttpServer();
const medulla = createServer(http, {
  store: sqliteStore(settings.file),
  // The token is the name.
  authenticate: ({ token }) => token,
  // What a page is told it tells itself; what fails on purpose fails often.
  log: (level, event, about) => {
    if (level === 'error' && event !== 'judgement-failed') console.error(event, about);
  },
});
for (const [path, conflict] of [
  ['/cards', 'merge'],
  ['/notes', 'reject'],
] as const) {
  medulla.resource(path, { public: true, conflict }).use('create', 'update', 'patch', async (ctx, next) => {
    if (String(ctx.set.title).startsWith('refuse'))
      throw new Refusal(`Nothing may be called ${ctx.set.title}`);
    if (String(ctx.set.title).startsWith(POISON)) throw new Error(`It fails on ${ctx.set.title}`);
    await next();
  });
}
process.on('disconnect', () => process.exit());
http.listen(settings.port, '127.0.0.1', () => process.send?.((http.address() as AddressInfo).port));
