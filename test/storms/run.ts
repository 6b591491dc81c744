/** `npm run storms -- --browsers 200 --down 2 --seed 1`: how a server that is restarted is found again, as a picture. `down` in seconds. */
import { parseArgs } from 'node:util';
import { picture } from './picture.ts';
import { runStorm } from './run-storm.ts';

const { values } = parseArgs({
  options: {
    browsers: { type: 'string', default: '200' },
    down: { type: 'string', multiple: true, default: ['0', '2', '10'] },
    seed: { type: 'string', default: '1' },
  },
});

for (const down of values.down)
  console.log(picture(await runStorm(Number(values.browsers), Number(down) * 1_000, Number(values.seed))));
