import { once } from 'node:events';
import { createReadStream, existsSync } from 'node:fs';
import { createServer as createHttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { json } from 'node:stream/consumers';
import { root } from './unpacked.ts';

/** One server for an application's files and for Medulla, as small applications have it; `/rest/tasks` is no Medulla's. */
export interface Site {
  readonly origin: string;
  /** Of the tasks that were created, in order. */
  readonly titles: readonly unknown[];
  close(): Promise<void>;
}

/** `scripts`: whether it has Medulla's under `/medulla/`; else the application has to bring its own. */
export async function openSite(folder: string, scripts: boolean): Promise<Site> {
  const { createServer, memoryStore }: typeof import('../../../src/server.ts') = await import(
    join(root, 'dist/server.js')
  );
  const titles: unknown[] = [];
  const http = createHttpServer(async (request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://site');
    if (pathname === '/rest/tasks') {
      response.setHeader('content-type', 'application/json');
      const task =
        request.method === 'POST'
          ? { ...((await json(request)) as { title: unknown }), id: titles.length + 1 }
          : null;
      if (task) titles.push(task.title);
      return response.end(JSON.stringify(task ?? []));
    }
    const file = join(folder, pathname === '/' ? 'index.html' : pathname);
    const type = file.endsWith('.js') ? 'text/javascript' : 'text/html';
    response.writeHead(existsSync(file) ? 200 : 404, { 'content-type': type });
    return existsSync(file) ? createReadStream(file).pipe(response) : response.end();
  });
  const medulla = createServer(http, { store: memoryStore(), ...(!scripts && { assets: false as const }) });
  medulla.resource('/tasks', { public: true }).create(async (ctx, next) => {
    await next();
    titles.push(ctx.set.title);
  });
  http.listen(0, '127.0.0.1');
  await once(http, 'listening');
  return {
    origin: `http://127.0.0.1:${(http.address() as AddressInfo).port}`,
    titles,
    async close() {
      await medulla.close();
      http.closeAllConnections();
      http.close();
    },
  };
}
