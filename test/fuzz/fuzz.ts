/** `npm run fuzz -- --frames 1000000 --seed 1 --only session`: says what it fed, how fast, and what it found. */
import { parseArgs } from 'node:util';
import { runTarget } from './run-target.ts';
import { sharesOf } from './shares-of.ts';
import { targets } from './targets.ts';

const { values } = parseArgs({
  options: {
    frames: { type: 'string', default: '1000000' },
    seed: { type: 'string', default: '1' },
    only: { type: 'string' },
  },
});
const seed = Number(values.seed);
const chosen = targets.filter(({ name }) => values.only === undefined || name === values.only);
if (chosen.length === 0) throw new Error(`--only takes one of ${targets.map(({ name }) => name).join(', ')}`);

let all = 0;
for (const [target, frames] of sharesOf(chosen, Number(values.frames))) {
  const outcome = await runTarget(target, { seed, frames });
  all += outcome.frames;
  const rate = ((outcome.frames / outcome.milliseconds) * 1_000).toFixed();
  console.log(
    `${target.name}: ${outcome.frames} frames, ${rate} a second, ${outcome.findings.length} findings`,
  );
  for (const { problem, frame } of outcome.findings)
    console.log(`  ${problem}\n    ${JSON.stringify(frame)?.slice(0, 2_000)}`);
  if (outcome.findings.length > 0) process.exitCode = 1;
}
console.log(`${all} frames, seed ${seed}`);
// Engine.IO has a timer of half a minute for some of the sessions that it has ended.
process.exit();
