import type Backbone from 'backbone';
import { createMedulla, type Medulla } from '../../../src/client/create-medulla.ts';
import type { MedullaParts } from '../../../src/client/options.ts';
import { freshBackbone } from '../../sim/world/fresh-backbone.ts';
import { seededRandom } from '../../support/seeded-random.ts';
import { settle, VirtualClock } from '../../support/virtual-clock.ts';
import { HostDouble, HubDouble } from './hub-double.ts';

export interface TestPage {
  readonly backbone: typeof Backbone;
  readonly medulla: Medulla<typeof Backbone>;
  readonly clock: VirtualClock;
  readonly hub: HubDouble;
  /** What callbacks threw. */
  readonly reported: unknown[];
  readonly locks: string[];
}

/** A page with a Backbone of its own, joined to a hub that says what the test tells it to. */
export async function openPage(
  parts: Partial<MedullaParts> = {},
  hub = new HubDouble(),
  clock = new VirtualClock(),
): Promise<TestPage> {
  const backbone = freshBackbone();
  const reported: unknown[] = [];
  const locks: string[] = [];
  const medulla = createMedulla(backbone, {
    host: new HostDouble(hub),
    locks: {
      hold: async (name) => {
        locks.push(name);
        return () => locks.splice(locks.indexOf(name), 1);
      },
    },
    clock,
    random: seededRandom(1),
    log: () => undefined,
    page: () => 'https://app.test/board/index.html',
    report: (error) => reported.push(error),
    ...parts,
  }).install();
  await settle();
  return { backbone, medulla, clock, hub, reported, locks };
}
