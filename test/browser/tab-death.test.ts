import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { RawWorld } from '../support/browser/raw-world.ts';
import { seen } from '../support/browser/seen.ts';
import { until } from '../support/until.ts';

/** Milliseconds within which the hub has to have noticed. */
const BOUND = 1_000;
const ROUNDS = 4;

let world: RawWorld;
const open = async (host: string) => {
  world = await RawWorld.open({
    script: join(import.meta.dirname, '../support/browser/follows-server.ts'),
    host,
  });
};
afterEach(async () => {
  await world.close();
});

/** A tab that follows a topic of its own. */
const follower = (name: string) => world.tab({ url: `/${name}/cards`, routes: ['/'] });

/** When the server was told that nobody in this browser follows the topic any more. */
const released = (name: string) =>
  until(`nobody follows /${name}/cards`, async () => {
    const answer = await fetch(`http://127.0.0.1:${world.server.port}/`);
    return ((await answer.json()) as Record<string, number>)[`/${name}/cards`];
  });

describe.each(['shared', 'leader', 'service'])('the death of a tab, host %s', (host) => {
  beforeEach(() => open(host));

  it.each(['closes', 'crashes'] as const)(
    '[LC4] is noticed within a second when it %s: what it followed is let go',
    async (how) => {
      const first = await world.tab();
      const taken: number[] = [];
      for (let round = 0; round < ROUNDS; round++) {
        const tab = await follower(`round-${round}`);
        const began = Date.now();
        if (how === 'closes') await tab.close();
        else tab.crash();
        taken.push((await released(`round-${round}`)) - began);
      }
      console.log(`On the host ${host}, a tab that ${how} is noticed after ${taken.join(', ')} ms`);
      expect(Math.max(...taken)).toBeLessThan(BOUND);
      expect(await first.evaluate(() => t.status())).toMatchObject({ connection: 'open', host });
    },
  );

  it('[LC4] is noticed within a second when it made the host, which may die with it, and the others go on', async () => {
    const maker = await follower('maker');
    const other = await world.tab();
    const began = Date.now();
    maker.crash();
    const noticed = (await released('maker')) - began;
    await other.evaluate(() => t.create({ id: 'after', title: 'with the next hub' }, { wait: true }));
    await seen(other, () => t.outcomes.length === 1);
    console.log(
      `A tab that made the host ${host} is noticed after ${noticed} ms; a save is answered after ${Date.now() - began} ms`,
    );
    expect(noticed).toBeLessThan(BOUND);
    expect(await other.evaluate(() => t.outcomes)).toEqual([200]);
  });
});
