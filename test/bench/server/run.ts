import { mkdir, writeFile } from 'node:fs/promises';
import { cpus, loadavg } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { measure, rowsNamed } from '../measure.ts';
import { Results } from '../results.ts';
import { table } from '../table.ts';
import { CONTESTANTS, type ServerContestant } from './contestants.ts';
import { pictureOf } from './curve.ts';
import { CURVES } from './curves/all.ts';
import { Database } from './database.ts';
import { inLoadCell, someOf } from './load-cell.ts';
import { ROWS } from './rows/all.ts';

/*
 * npm run bench:server [-- --only NAME] [--rounds N] [--contestants plain,medulla] [--scale 0.1]
 *
 * Each row does the same work with the same payloads for the contestants that are named in contestants.ts, each time in
 * a fresh server process; its clients are lean sockets in another. Values are medians over the rounds, in which the
 * contestants take turns. Only the ratios mean anything, and only within one run. A rate on the clock needs a core for
 * the server and one for its clients; CPU times are the server's own.
 */

const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    rounds: { type: 'string', default: '5' },
    contestants: { type: 'string', default: CONTESTANTS.join(',') },
    scale: { type: 'string', default: '1' },
  },
});

const rows = rowsNamed(ROWS, values.only);
const results = new Results<ServerContestant>();
const bench = { scale: Number(values.scale), database: new Database() };
await measure(
  {
    rows,
    contestants: values.contestants.split(',') as ServerContestant[],
    rounds: Number(values.rounds),
    inCell: (contestant, run) => inLoadCell(bench, contestant, run),
  },
  results,
);
await bench.database.end();

const out = fileURLToPath(new URL('out/', import.meta.url));
await mkdir(out, { recursive: true });
const machine = { processors: cpus()[0]?.model, cores: cpus().length, load: loadavg() };
await writeFile(
  `${out}${values.only ?? 'all'}.json`,
  JSON.stringify({ ...machine, samples: results.samples }, null, 2),
);
for (const curve of CURVES.filter(({ name }) => results.samples[name])) {
  const note = `${machine.cores} cores of ${machine.processors}, shared; rounds: ${values.rounds}`;
  const picture = pictureOf(curve, results, someOf(bench.scale), note);
  await writeFile(`${out}${curve.name}.svg`, picture);
}
if (bench.scale !== 1)
  process.stdout.write(`Of all that is counted, in names too, there is ${bench.scale} of it.\n`);
process.stdout.write(`${table({ contestants: CONTESTANTS, ratios: ['plain'] }, rows, results)}\n`);
