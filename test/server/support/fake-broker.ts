import type { CoreOptions } from '../../../src/server/core-options.ts';
import type { Nodes } from '../../../src/server/publish/nodes.ts';
import type { Run } from '../../../src/server/publish/run.ts';
import type { ResourceOptions } from '../../../src/server/resource/resource.ts';
import type { Store } from '../../../src/server/store.ts';
import { seededRandom } from '../../../src/testing/seeded-random.ts';
import { settle, type VirtualClock } from '../../../src/testing/virtual-clock.ts';
import { FakePeer } from './fake-peer.ts';
import { type Logged, testCore } from './test-core.ts';

/** What joins nodes in one process. What they tell goes as JSON; a test may lose it, or let it arrive later. */
export class FakeBroker {
  /** What happens to what is told: `null` loses it, a list keeps it for the test. */
  held: (() => void)[] | null | undefined;
  readonly #hearers: ((message: unknown) => void)[] = [];

  node(): Nodes {
    let own: (message: unknown) => void;
    return {
      isAlone: false,
      tell: (runs) => this.#carry(JSON.parse(JSON.stringify(runs)), own),
      hear: (fn) => {
        own = fn;
        this.#hearers.push(fn);
      },
    };
  }

  /** Something that no node says. */
  say(message: unknown): void {
    for (const hear of this.#hearers) hear(message);
  }

  #carry(runs: readonly Run[], from: unknown): void {
    if (this.held === null) return;
    const arrive = () => {
      for (const hear of this.#hearers) if (hear !== from) hear(runs);
    };
    if (this.held) this.held.push(arrive);
    else arrive();
  }
}

/** Two nodes over one store: somebody writes at the one, somebody follows at the other. `more`: of both. */
export async function twoNodes(
  store: Store,
  clock: VirtualClock,
  more: Partial<CoreOptions> = {},
  resource: ResourceOptions = { public: true },
) {
  const broker = new FakeBroker();
  const node = (seed: number) => {
    const made = testCore({ store, clock, random: seededRandom(seed), nodes: broker.node(), ...more });
    made.core.resource('/tasks', resource);
    return made;
  };
  const [here, there] = [node(1), node(2)];
  const [author, follower] = [await FakePeer.connect(here.core, 'ann'), await FakePeer.connect(there.core)];
  const logged: readonly Logged[] = there.logged;
  /** How the follower's changes go on from one another. */
  const steps = () => follower.changes.map(({ from, to, entries }) => [from, to, entries.length]);
  const publish = async (n: number) => {
    await here.core.publish('/tasks' as never, { record: `r${n}`, set: { n } });
    await settle();
  };
  return { broker, here: here.core, there: there.core, author, follower, logged, steps, publish };
}
