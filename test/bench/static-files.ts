import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { monotonic } from './clock.ts';

/** Isolated pages have a clock of 5 µs instead of 100. */
const HEADERS = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Cache-Control': 'no-store',
};

export interface StaticFiles {
  readonly origin: string;
  close(): void;
}

/**
 * Serves the contestants' pages and scripts, apart from the servers that are measured: these count their own bytes, and
 * may be down while a page is opened. `folders` maps a prefix of the path to a folder.
 */
export async function serveStatic(folders: Readonly<Record<string, string>>): Promise<StaticFiles> {
  const server = createServer(async (request, response) => {
    const path = new URL(request.url ?? '/', 'http://host').pathname;
    const answer = (type: string, body: string | Buffer, status = 200) =>
      response.writeHead(status, { ...HEADERS, 'Content-Type': type }).end(body);
    if (path === '/now') return answer('text/plain', String(monotonic()));
    const page = /^\/(\w+)\.html$/.exec(path)?.[1];
    if (page)
      return answer('text/html', `<!doctype html><script type="module" src="/bench/${page}.js"></script>`);
    const [, prefix = '', ...rest] = path.split('/');
    const folder = folders[prefix];
    if (!folder || rest.includes('..')) return answer('text/plain', 'Not found', 404);
    try {
      return answer('text/javascript', await readFile(join(folder, ...rest)));
    } catch {
      return answer('text/plain', 'Not found', 404);
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}
