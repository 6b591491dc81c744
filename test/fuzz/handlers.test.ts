import { describe, expect, it } from 'vitest';
import { runTarget } from './run-target.ts';
import { sharesOf } from './shares-of.ts';
import { byName, FRAMES } from './targets.ts';

const shares = new Map(
  sharesOf(
    byName('session', 'session over SQLite', 'hub and tabs', 'hub and server', 'page', 'wire'),
    FRAMES.handlers,
  ).map(([target, frames]) => [target.name, [target, frames] as const]),
);

/** Feeds its share of the frames, every one of them. */
async function fed(name: string): Promise<void> {
  const [target, frames] = shares.get(name) ?? [];
  if (!target || !frames) throw new Error(`There is no target ${name}`);
  const outcome = await runTarget(target, { seed: 1, frames });
  expect(outcome.findings).toEqual([]);
  expect(outcome.frames).toBeGreaterThanOrEqual(frames);
}

describe('whatever comes', { timeout: 300_000 }, () => {
  it.each(['session', 'session over SQLite'])(
    '[HI2] from a client is answered, is no error of the server, and tells and does nothing that is not its own: %s',
    fed,
  );

  it('[HI3] over the wire itself, of Engine.IO, Socket.IO and HTTP, leaves the server and its other clients as they were', () =>
    fed('wire'));

  it('[HI4] from a tab hurts neither its hub nor another tab', () => fed('hub and tabs'));

  it('[HI4] from a server hurts neither the hub nor its tabs', () => fed('hub and server'));

  it('[HI5] from its hub leaves a page where it was, and nothing is thrown where nobody catches it', () =>
    fed('page'));
});
