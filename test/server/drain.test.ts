import { describe, expect, it } from 'vitest';
import { type CloseOptions, drain, type Leaving } from '../../src/server/drain.ts';
import { seededRandom } from '../../src/testing/seeded-random.ts';
import { VirtualClock } from '../../src/testing/virtual-clock.ts';

interface Left {
  readonly at: number;
  readonly after: number;
}

/** `count` connections that are let go; `hangs`: what they are in the middle of never ends. */
function draining(count: number, options: CloseOptions, hangs = false) {
  const clock = new VirtualClock();
  const since = clock.now();
  const sessions = new Set<Leaving>();
  const left: Left[] = [];
  let doneAt: number | null = null;
  for (let n = 0; n < count; n++) {
    const session: Leaving = {
      async leave(after) {
        left.push({ at: clock.now() - since, after });
        if (hangs) return new Promise(() => undefined);
        sessions.delete(session);
        return undefined;
      },
    };
    sessions.add(session);
  }
  void drain(sessions, { clock, random: seededRandom(1) }, options).then(() => {
    doneAt = clock.now() - since;
  });
  return { clock, sessions, left, doneAt: () => doneAt };
}

const afters = (left: readonly Left[]) => left.map(({ after }) => after).sort((a, b) => a - b);

describe('a server that lets its clients go', () => {
  it('[OP6] does so at once by default, and has them come back 500 a second', async () => {
    const { clock, left, doneAt } = draining(5_000, {});
    await clock.advance(0);
    expect([left.length, doneAt()]).toEqual([5_000, 0]);
    const back = afters(left);
    expect(back[0]).toBeLessThan(50);
    expect(back.at(-1)).toBeLessThanOrEqual(10_000);
    for (let second = 0; second < 10; second++) {
      const count = back.filter((after) => Math.floor(after / 1_000) === second).length;
      expect(count).toBeGreaterThan(400);
      expect(count).toBeLessThan(600);
    }
  });

  it('[OP6] tells them how long to stay away, each another moment of the spread', async () => {
    const { clock, left } = draining(100, { after: 3_000, spread: 2_000 });
    await clock.advance(0);
    const back = afters(left);
    expect(back[0]).toBeGreaterThanOrEqual(3_000);
    expect(back.at(-1)).toBeLessThanOrEqual(5_000);
    expect(new Set(back).size).toBeGreaterThan(80);
  });

  it('[OP6] does so evenly within the time, for nodes that take them over bit by bit', async () => {
    const { clock, left, doneAt } = draining(1_000, { within: 10_000 });
    for (let second = 1; second <= 8; second++) {
      await clock.advance(1_000);
      expect(left.length).toBeGreaterThan(second * 125 - 20);
      expect(left.length).toBeLessThan(second * 125 + 20);
    }
    expect(left).toHaveLength(1_000);
    expect(doneAt()).toBeLessThanOrEqual(8_000);
    // Their going is their spread.
    expect(afters(left).at(-1)).toBe(0);
  });

  it('[OP6] waits for what is under way, without bound or until the time is over', async () => {
    const [unbound, bound] = [draining(3, {}, true), draining(3, { within: 5_000 }, true)];
    await unbound.clock.advance(600_000);
    expect([unbound.left.length, unbound.doneAt()]).toEqual([3, null]);
    await bound.clock.advance(600_000);
    expect([bound.left.length, bound.doneAt()]).toEqual([3, 5_000]);
  });

  it('[OP6] waits for nobody where all have gone by themselves, or nobody was there', async () => {
    const { clock, sessions, doneAt } = draining(1_000, { within: 60_000 });
    await clock.advance(1_000);
    sessions.clear();
    await clock.advance(100);
    expect(doneAt()).toBeLessThanOrEqual(1_100);
    const none = draining(0, { within: 60_000 });
    await none.clock.advance(0);
    expect(none.doneAt()).toBe(0);
  });
});
