import type { LogLevel } from '../../../src/base/log.ts';
import { type Core, createCore } from '../../../src/server/core.ts';
import type { CoreOptions } from '../../../src/server/core-options.ts';
import { memoryStore } from '../../../src/server/stores/memory-store.ts';
import { seededRandom } from '../../../src/testing/seeded-random.ts';
import { VirtualClock } from '../../../src/testing/virtual-clock.ts';
import { FakePeer } from './fake-peer.ts';

export interface Logged {
  readonly level: LogLevel;
  readonly event: string;
}

/** A server over memory that lets everybody be whom they say they are, and what it logged. */
export function testCore(options: Partial<CoreOptions> = {}): { core: Core; logged: Logged[] } {
  const logged: Logged[] = [];
  const core = createCore({
    store: memoryStore({ random: seededRandom(2) }),
    authenticate: ({ user }) => user,
    clock: new VirtualClock(),
    random: seededRandom(3),
    turn: setImmediate,
    log: (level, event) => void logged.push({ level, event }),
    ...options,
  });
  return { core, logged };
}

/** The same with one public resource, and somebody connected. */
export async function publicCore(options: Partial<CoreOptions> = {}) {
  const { core, logged } = testCore(options);
  const tasks = core.resource('/tasks', { public: true });
  return { core, logged, tasks, peer: await FakePeer.connect(core) };
}
