import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer as createHttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { root } from '../support/package/unpacked.ts';

const dist = join(root, 'dist');
/** Scripts of a page, those of workers, and what they load later by name. */
const FOR_PAGES = ['index.js', 'medulla.umd.js', 'page-hub.js', 'service-worker.js', 'shared-worker.js'];

it('[IO-12] serves the page script, as a module and for a script tag, and the worker scripts under /medulla/', async () => {
  const { createServer, memoryStore }: typeof import('../../src/server.ts') = await import(
    join(dist, 'server.js')
  );
  const http = createHttpServer((_request, response) => response.writeHead(404).end('the application'));
  const medulla = createServer(http, { store: memoryStore() });
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  try {
    for (const name of FOR_PAGES) {
      const url = `http://127.0.0.1:${(http.address() as AddressInfo).port}/medulla/${name}`;
      const response = await fetch(url);
      expect([name, response.headers.get('content-type')]).toEqual([name, 'text/javascript; charset=utf-8']);
      expect(await response.text()).toBe(readFileSync(join(dist, name), 'utf8'));
    }
  } finally {
    await medulla.close();
    http.close();
  }
});

it('[PK7] copies all that a page or a worker loads, by whatever name, with the maps', () => {
  const folder = mkdtempSync(join(tmpdir(), 'medulla-init-'));
  try {
    execFileSync(process.execPath, [join(dist, 'init.js'), 'init', folder]);
    const copied = readdirSync(join(folder, 'medulla'));
    expect(copied).toEqual(expect.arrayContaining(FOR_PAGES));
    const scripts = copied.filter((name) => name.endsWith('.js'));
    expect(copied.filter((name) => !scripts.includes(name))).toEqual(scripts.map((name) => `${name}.map`));
    for (const script of scripts) {
      const text = readFileSync(join(folder, 'medulla', script), 'utf8');
      for (const [, name] of text.matchAll(/\bimport\(["'`]\.\/([^"'`]+)["'`]\)/g))
        expect(copied).toContain(name);
      expect(text).not.toMatch(/["'`]node:/);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
