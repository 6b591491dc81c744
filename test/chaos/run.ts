/** `npm run chaos -- --seed N --seconds S [--story]`: see {@link runChaos} for what a seed replays and what it does not. */
import { parseArgs } from 'node:util';
import { setup } from '../tools/build-first.ts';
import { runChaos } from './run-chaos.ts';

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    seconds: { type: 'string', default: '60' },
    story: { type: 'boolean', default: false },
  },
});
const [seed, seconds] = [Number(values.seed), Number(values.seconds)];

setup();
const echo = values.story ? { echo: (line: string) => console.log(line) } : {};
const { failures, totals } = await runChaos({ seed, seconds, ...echo });
for (const failure of failures.slice(0, 5)) console.log(`${failure}\n`);
if (failures.length > 0) console.log(`again: npm run chaos -- --seed ${seed} --seconds ${seconds}`);
console.log(totals);
// Left to itself Node may spin for ever in its own cleanup, over a socket that was reset at a bad moment.
process.exit(failures.length > 0 ? 1 : 0);
