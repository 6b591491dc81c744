import { mkdir, writeFile } from 'node:fs/promises';
import { cpus, loadavg } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { findChromium } from '../tools/find-chromium.ts';
import { buildMedulla } from './build-medulla.ts';
import { buildPages } from './build-pages.ts';
import { type Bench, inCell } from './cell.ts';
import { CONTESTANTS, type ContestantName, pageOf } from './contestants.ts';
import { measure, rowsNamed } from './measure.ts';
import { Results } from './results.ts';
import { ROWS } from './rows/all.ts';
import { scriptSizes } from './sizes.ts';
import { serveStatic } from './static-files.ts';
import { table } from './table.ts';

/*
 * npm run bench [-- --only NAME] [--rounds N] [--contestants limit,medulla]
 *
 * Each row does the same work with the same payloads for
 *   limit    raw `ws` owned by a SharedWorker, one message a write, bare IndexedDB (grouped), posts to the tabs: what
 *            the platform can do at best, without keeping a single promise;
 *   rival    one socket.io-client a tab, emit with ack, Backbone models set from it, its offline queue in memory;
 *   medulla  Medulla with the memory store, built as it is published;
 *   sqlite   Medulla with the SQLite store.
 *
 * How to read the table: values are medians over the rounds, in which the contestants take turns, each time in a fresh
 * Chromium with a fresh profile and a fresh server process. Only the ratios mean anything, and only within one run:
 * `× limit` is Medulla's value divided by the limit's. Of a time less is better, of a rate more. `–` = it cannot do
 * that. Bytes are counted at the server's TCP sockets, latencies from the server's publish to the model's event.
 */

const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    rounds: { type: 'string', default: '5' },
    contestants: { type: 'string', default: CONTESTANTS.join(',') },
  },
});

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const rows = values.only === 'sizes' ? [] : rowsNamed(ROWS, values.only);
const wanted = values.contestants.split(',') as ContestantName[];
const executable = await findChromium();

const results = new Results<ContestantName>();
const dist = wanted.some((name) => pageOf(name) === 'medulla') ? await buildMedulla() : null;
const files = await serveStatic({ bench: await buildPages(), ...(dist && { medulla: dist }) });
const bench: Bench = { executable, pages: files.origin };

await measure(
  {
    rows,
    contestants: wanted,
    rounds: Number(values.rounds),
    inCell: (contestant, run) => inCell(bench, contestant, run),
  },
  results,
);
files.close();

const sizes = dist !== null && (!values.only || values.only === 'sizes') ? scriptSizes(dist) : [];
await mkdir(here('out'), { recursive: true });
const report = {
  processors: cpus()[0]?.model,
  cores: cpus().length,
  load: loadavg(),
  samples: results.samples,
  sizes,
};
await writeFile(here(`out/${values.only ?? 'all'}.json`), JSON.stringify(report, null, 2));
process.stdout.write(
  `${table({ contestants: CONTESTANTS, ratios: ['limit', 'rival'] }, rows, results, sizes)}\n`,
);
