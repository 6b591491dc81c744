/** `npm run nodes -- --minutes 10 --kills 2`: several nodes under load, with faults; see {@link runNodes}. */
import { parseArgs } from 'node:util';
import { runNodes } from './run-nodes.ts';

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '1' },
    nodes: { type: 'string', default: '3' },
    kills: { type: 'string', default: '2' },
    /** Of each: the broker dies, a node is cut off from it, a node stands still. */
    others: { type: 'string', default: '1' },
    adapter: { type: 'string', default: 'redis' },
    store: { type: 'string', default: 'postgres' },
    pace: { type: 'string', default: '60' },
    seed: { type: 'string', default: '1' },
    quiet: { type: 'boolean', default: false },
  },
});
const others = Number(values.others);
const { failures, totals } = await runNodes({
  seed: Number(values.seed),
  seconds: Number(values.minutes) * 60,
  nodes: Number(values.nodes),
  adapter: values.adapter === 'postgres' ? 'postgres' : 'redis',
  store: values.store === 'sqlite' ? 'sqlite' : 'postgres',
  faults: { kill: Number(values.kills), broker: others, partition: others, freeze: others },
  pace: Number(values.pace),
  topics: 3,
  writers: 6,
  readers: 4,
  ...(values.quiet ? {} : { echo: (line: string) => console.log(line) }),
});
for (const failure of failures.slice(0, 20)) console.log(failure);
console.log(totals);
process.exit(failures.length > 0 ? 1 : 0);
