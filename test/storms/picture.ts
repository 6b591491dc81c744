import type { Storm } from './run-storm.ts';

const STEPS = [100, 250, 500, 1_000, 2_000, 5_000];
const ROWS = 24;
const WIDTH = 60;

const seconds = (ms: number, digits = 1) => `${(ms / 1_000).toFixed(digits)} s`;

/** How many came in each stretch of time, as bars. */
function bars(instants: readonly number[]): string[] {
  const last = Math.max(...instants);
  const step = STEPS.find((ms) => last / ms < ROWS) ?? 5_000;
  const counts = Array.from({ length: Math.floor(last / step) + 1 }, () => 0);
  for (const at of instants) counts[Math.floor(at / step)] = (counts[Math.floor(at / step)] ?? 0) + 1;
  const scale = Math.max(1, Math.max(...counts) / WIDTH);
  return counts.map(
    (count, at) => `${seconds(at * step, 2).padStart(9)} ${'█'.repeat(Math.ceil(count / scale))} ${count}`,
  );
}

/** A storm as text: when the browsers connected again, and when they asked for their topics. */
export function picture({ browsers, down, connects, follows, failed }: Storm): string {
  const last = seconds(Math.max(...connects));
  return [
    `${browsers} browsers, the server away for ${seconds(down)}: ${failed} attempts found none, all were back ${last} after it.`,
    'Connects, from its return on:',
    ...bars(connects),
    `Topics asked for (${follows.length}):`,
    ...bars(follows),
    '',
  ].join('\n');
}
