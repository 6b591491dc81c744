import type Backbone from 'backbone';
import { createMedulla, type Medulla } from '../../../src/client/create-medulla.ts';
import type { MedullaParts } from '../../../src/client/options.ts';
import type { Attributes } from '../../../src/protocol/attributes.ts';
import type { Status } from '../../../src/protocol/tab-down.ts';
import { freshBackbone } from '../../sim/world/fresh-backbone.ts';
import { seededRandom } from '../../support/seeded-random.ts';
import { settle, VirtualClock } from '../../support/virtual-clock.ts';
import { HostDouble, HubDouble } from './hub-double.ts';

export type Sighted = Attributes;

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
  status: Partial<Status> = {},
): Promise<TestPage> {
  const backbone = freshBackbone();
  hub.status = status;
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

/** A page with a followed collection of /tasks that has one record: id 1, version 5. */
export async function followed(attrs: Attributes, properties: object = {}, extra: object = {}) {
  const page = await openPage();
  const Task = page.backbone.Model.extend(properties);
  const tasks = new (page.backbone.Collection.extend({
    url: '/tasks',
    model: Task,
    follow: true,
    ...extra,
  }))();
  tasks.fetch();
  await settle();
  page.hub.rows([[1, 5, attrs]]);
  await settle();
  return { ...page, Task, tasks, model: tasks.at(0) };
}
