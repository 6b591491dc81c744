import { once } from 'node:events';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { createServer, get } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { listenNear } from '../../demo/server/listen-near.ts';
import { cardSchema } from '../../demo/server/schemas.ts';
import { serveFiles } from '../../demo/server/serve-files.ts';
import { starterCards, starterLists } from '../../demo/server/starter-board.ts';
import { writeCards } from '../../demo/server/write-cards.ts';
import { seededRandom } from '../../src/testing/seeded-random.ts';

const ends: (() => void)[] = [];
afterEach(() => {
  for (const end of ends.splice(0)) end();
});

const lists = starterLists().map(({ record }) => record);
const write = (count: number, seed: number) => writeCards(count, lists, seededRandom(seed).next);

it('[DM10] writes cards that the schema takes, in all lists', () => {
  const cards = write(500, 1);
  for (const { set } of [...cards, ...starterCards()]) expect(cardSchema.parse(set)).toEqual(set);
  expect(new Set(cards.map(({ record }) => record)).size).toBe(500);
  expect(new Set(cards.map(({ set }) => set.list))).toEqual(new Set(lists));
});

it('[DM10] writes the same cards for the same seed', () => {
  expect(write(50, 1)).toEqual(write(50, 1));
  expect(write(50, 1)).not.toEqual(write(50, 2));
});

it.each([
  ['', 'A card needs a title.'],
  ['x'.repeat(201), 'A title has 200 characters at most: put the rest into the note.'],
  ['Forbidden fruit', 'A card may not say “forbidden”: choose other words.'],
])('[DM6] refuses the title %j with a sentence', (title, sentence) => {
  const result = cardSchema.safeParse({ list: 'a', position: 'V', title });
  expect(result.error?.issues.map(({ message }) => message)).toEqual([sentence]);
});

async function serve(): Promise<(path: string) => Promise<{ status: number; type: string; body: string }>> {
  const folder = mkdtempSync(join(tmpdir(), 'medulla-files-'));
  mkdirSync(join(folder, 'dist/assets'), { recursive: true });
  writeFileSync(join(folder, 'secret.txt'), 'secret');
  writeFileSync(join(folder, 'dist/index.html'), 'the page');
  writeFileSync(join(folder, 'dist/assets/a.js'), 'the script');
  const server = createServer(serveFiles(join(folder, 'dist')));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  ends.push(() => server.close());
  const { port } = server.address() as AddressInfo;
  return async (path) => {
    // Not fetch: it would tidy the path up before it asks.
    const [response] = await once(get({ port, host: '127.0.0.1', path }), 'response');
    let body = '';
    for await (const part of response) body += part;
    return { status: response.statusCode, type: response.headers['content-type'], body };
  };
}

it('[DM11] serves files with their type, and the page at any other address', async () => {
  const ask = await serve();
  expect(await ask('/assets/a.js')).toMatchObject({
    body: 'the script',
    type: 'text/javascript; charset=utf-8',
  });
  for (const path of ['/', '/board/7?x=1'])
    expect(await ask(path)).toMatchObject({ status: 200, body: 'the page' });
  expect(await ask('/assets/b.js')).toMatchObject({ status: 404 });
});

it.each(['/../secret.txt', '/..%2fsecret.txt', '/assets/../../secret.txt', '/%', '/%00.js'])(
  '[DM11] takes nothing out of its folder: %s',
  async (path) => {
    const ask = await serve();
    expect(await ask(path)).toMatchObject({ status: 404 });
  },
);

it('[DM12] takes the next port where one is taken', async () => {
  const [first, second] = [createServer(), createServer()];
  ends.push(
    () => first.close(),
    () => second.close(),
  );
  const taken = await listenNear(first, 0);
  const port = await listenNear(second, taken);
  expect(port).toBeGreaterThan(taken);
});
