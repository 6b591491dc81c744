import { mkdir, writeFile } from 'node:fs/promises';
import { cpus, loadavg } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { findChromium } from '../tools/find-chromium.ts';
import { buildMedulla } from './build-medulla.ts';
import { buildPages } from './build-pages.ts';
import { type Bench, inCell } from './cell.ts';
import { CONTESTANTS, type ContestantName, pageOf } from './contestants.ts';
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
const rows = ROWS.filter(({ name }) => !values.only || name.startsWith(values.only));
const wanted = values.contestants.split(',') as ContestantName[];
const executable = await findChromium();
if (!rows.length && values.only !== 'sizes') {
  throw new Error(
    `No row is called ${values.only}: there are ${ROWS.map(({ name }) => name).join(', ')}, sizes`,
  );
}

const results = new Results();
const dist = wanted.some((name) => pageOf(name) === 'medulla') ? await buildMedulla() : null;
const files = await serveStatic({ bench: await buildPages(), ...(dist && { medulla: dist }) });
const bench: Bench = { executable, pages: files.origin };

for (const row of rows) {
  for (let round = 0; round < Number(values.rounds); round++) {
    for (const contestant of row.contestants.filter((name) => wanted.includes(name))) {
      process.stderr.write(`${row.name} ${round + 1} ${contestant} `);
      try {
        const sample = await inCell(bench, contestant, row.measure);
        results.add(row, contestant, sample);
        process.stderr.write(
          `${JSON.stringify(sample, (_, n) => (Number.isFinite(n) ? +n.toFixed(3) : n))}\n`,
        );
      } catch (error) {
        process.stderr.write(`failed: ${(error as Error).message}\n`);
        process.exitCode = 1;
      }
    }
  }
}
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
process.stdout.write(`${table(rows, results, sizes)}\n`);
