/** `npm run soak -- --minutes 60`: whether a server's memory stays as it is, as a picture in `out/soak.svg`. */
import { mkdir, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { plotted } from './plot.ts';
import { runSoak } from './run-soak.ts';

const { values } = parseArgs({ options: { minutes: { type: 'string', default: '60' } } });
const end = performance.now() + Number(values.minutes) * 60_000;

const MB = (bytes: number) => bytes / 1e6;
const { samples, rounds, bytesARound } = await runSoak(
  () => performance.now() > end,
  ({ minute, heap, rss }) =>
    process.stderr.write(
      `${minute.toFixed(2)} min  heap ${MB(heap).toFixed(2)} MB  all ${MB(rss).toFixed(1)} MB\n`,
    ),
);
const out = fileURLToPath(new URL('out/', import.meta.url));
await mkdir(out, { recursive: true });
const said = `${rounds} rounds of 100 clients and 1,000 writes; the second half of them left ${bytesARound.toFixed(0)} bytes each in the heap`;
/** As many as can be told apart. */
const drawn = samples.filter((_, at) => at % Math.ceil(samples.length / 120) === 0);
const picture = plotted({
  title: 'Memory of a server in use',
  x: 'minutes',
  y: 'MB',
  note: said,
  series: [
    { name: 'heap', points: drawn.map(({ minute, heap }) => [minute, MB(heap)] as const) },
    { name: 'all of it', points: drawn.map(({ minute, rss }) => [minute, MB(rss)] as const) },
  ],
});
await writeFile(`${out}soak.svg`, picture);
console.log(said);
