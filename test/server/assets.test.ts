import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { packageAssets } from '../../src/server/node/assets.ts';
import { LiveServer } from './support/live-server.ts';

/** All files that npm installs have it. */
const NPM_DATE = new Date('1985-10-26T08:15:00Z');

let folder: string;
let server: LiveServer;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'medulla-assets-'));
  const assets = join(folder, 'dist');
  mkdirSync(join(assets, 'chunks'), { recursive: true });
  writeFileSync(join(assets, 'shared-worker.js'), 'worker();');
  utimesSync(join(assets, 'shared-worker.js'), NPM_DATE, NPM_DATE);
  writeFileSync(join(assets, 'shared-worker.js.map'), '{}');
  writeFileSync(join(assets, 'chunks', 'hub-1a.js'), 'hub();');
  writeFileSync(join(assets, 'notes.txt'), 'not a script');
  writeFileSync(join(assets, '.env.js'), 'secret');
  writeFileSync(join(folder, 'outside.js'), 'secret');
  server = await LiveServer.start({ assets }, (request, response) => response.end(`app ${request.url}`));
});
afterEach(async () => {
  await server.end();
  rmSync(folder, { recursive: true });
});

/** The status and text of a raw request: fetch would tidy the path. */
function get(path: string, method = 'GET'): Promise<[number | undefined, string]> {
  return new Promise((resolve, reject) => {
    const sent = request(`${server.url}`, { path, method }, async (response) => {
      let text = '';
      for await (const part of response) text += part;
      resolve([response.statusCode, text]);
    });
    sent.on('error', reject).end();
  });
}

describe('over http', () => {
  it('[SV20] serves the scripts under stable names, to be asked for anew each time', async () => {
    const response = await fetch(`${server.url}/medulla/shared-worker.js?v=1`);
    expect(await response.text()).toBe('worker();');
    expect(response.headers.get('content-type')).toBe('text/javascript; charset=utf-8');
    expect(response.headers.get('cache-control')).toBe('no-cache');
    const etag = response.headers.get('etag') ?? '';
    const again = await fetch(response.url, { headers: { 'If-None-Match': etag } });
    expect([again.status, await again.text()]).toEqual([304, '']);
    // Another release of the same size.
    const script = join(folder, 'dist', 'shared-worker.js');
    writeFileSync(script, 'walker();');
    utimesSync(script, NPM_DATE, NPM_DATE);
    const changed = await fetch(response.url, { headers: { 'If-None-Match': etag } });
    expect([changed.status, await changed.text()]).toEqual([200, 'walker();']);
    expect(await get('/medulla/chunks/hub-1a.js')).toEqual([200, 'hub();']);
    expect(await get('/medulla/shared-worker.js', 'HEAD')).toEqual([200, '']);
    const map = await fetch(`${server.url}/medulla/shared-worker.js.map`);
    expect(map.headers.get('content-type')).toBe('application/json; charset=utf-8');
    await map.text();
  });

  it('[SV20] gives nothing else away', async () => {
    const paths = [
      '../outside.js',
      '%2e%2e/outside.js',
      '..%2foutside.js',
      'chunks/../../outside.js',
      '.env.js',
    ];
    for (const path of [
      ...paths,
      'notes.txt',
      'chunks',
      'missing.js',
      '',
      '//etc/passwd',
      'chunks//hub-1a.js',
      '%00.js',
    ]) {
      const [status, text] = await get(`/medulla/${path}`);
      expect([path, status]).toEqual([path, 404]);
      expect(text).not.toContain('secret');
    }
  });

  it('[SV20] leaves all other requests to those who were there before', async () => {
    expect(await get('/')).toEqual([200, 'app /']);
    expect(await get('/medulla')).toEqual([200, 'app /medulla']);
    expect(await get('/medulla/health', 'POST')).toEqual([200, 'app /medulla/health']);
    await server.medulla.close();
    expect(await get('/medulla/health')).toEqual([200, 'app /medulla/health']);
  });

  it('[SV27] answers what is its own alone, whoever listens and since when', async () => {
    const asked: string[] = [];
    server.http.on('request', ({ url = '' }, response) => {
      asked.push(url);
      if (!response.headersSent) response.writeHead(404).end('late');
    });
    expect(await get('/medulla/health')).toEqual([200, '{"ok":true}']);
    expect(await get('/medulla/shared-worker.js')).toEqual([200, 'worker();']);
    expect(await get('/socket.io/?EIO=4&transport=polling')).toEqual([200, expect.stringContaining('"sid"')]);
    expect((await server.connect('ann', ['polling'])).welcome).toMatchObject({ user: 'ann' });
    expect(asked).toEqual([]);
    expect(await get('/')).toEqual([200, 'app /']);
    expect(asked).toEqual(['/']);
  });

  it('[SV27] stands aside once it is closed, whoever has come to stand before it', async () => {
    const { http } = server;
    const before = http.emit;
    http.emit = ((...args: Parameters<typeof before>) => before.apply(http, args)) as typeof before;
    const mine = http.emit;
    await server.medulla.close();
    expect(http.emit).toBe(mine);
    expect(await get('/medulla/health')).toEqual([200, 'app /medulla/health']);
  });

  it('[SV20] finds the package’s own scripts', () => {
    expect(packageAssets()).toBe(join(import.meta.dirname, '..', '..', 'dist'));
  });
});
