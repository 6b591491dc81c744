import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { findChromium } from '../tools/find-chromium.ts';
import { buildMedulla } from './build-medulla.ts';
import { buildPages } from './build-pages.ts';
import { inCell } from './cell.ts';
import { type ContestantName, pageOf } from './contestants.ts';
import { ownTimes, profileTargets } from './profiler.ts';
import { ROWS } from './rows/all.ts';
import { serveStatic } from './static-files.ts';

/*
 * node test/bench/profile.ts --row burst [--contestant medulla] [--top 30]
 *
 * Runs one row once and prints where page, worker and server spent their time; the profiles are in out/profiles. What
 * it measures is not to be compared with anything: it was being watched.
 */

const { values } = parseArgs({
  options: {
    row: { type: 'string', default: 'burst' },
    contestant: { type: 'string', default: 'medulla' },
    top: { type: 'string', default: '30' },
  },
});
const row = ROWS.find(({ name }) => name === values.row);
if (!row) throw new Error(`No row is called ${values.row}`);

const out = join(import.meta.dirname, 'out/profiles');
await rm(out, { recursive: true, force: true });
await mkdir(out, { recursive: true });
const contestant = values.contestant as ContestantName;
const files = await serveStatic({
  bench: await buildPages(),
  ...(pageOf(contestant) === 'medulla' && { medulla: await buildMedulla(true) }),
});
const print = (title: string, times: readonly [string, number][]) => {
  const lines = times
    .slice(0, Number(values.top))
    .map(([name, ms]) => `${ms.toFixed(1).padStart(9)} ms  ${name}`);
  process.stdout.write(`\n${title}\n${lines.join('\n')}\n`);
};

const sample = await inCell(
  { executable: await findChromium(), pages: files.origin },
  contestant,
  async (cell) => {
    const profiler = await profileTargets(cell.browser);
    const measured = await row.measure(cell);
    for (const [i, [type, profile]] of (await profiler.stop()).entries()) {
      await writeFile(join(out, `${i}-${type}.cpuprofile`), JSON.stringify(profile));
      print(type, ownTimes(profile));
    }
    return measured;
  },
  ['--cpu-prof', `--cpu-prof-dir=${out}`, '--cpu-prof-interval=200'],
);
files.close();
for (const name of await readdir(out)) {
  if (name.startsWith('CPU')) print('server', ownTimes(JSON.parse(await readFile(join(out, name), 'utf8'))));
}
process.stdout.write(`\n${JSON.stringify(sample)}\n`);
