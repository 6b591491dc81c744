import type Backbone from 'backbone';
import { createMedulla, type Medulla } from '../../../src/client/create-medulla.ts';
import type { MedullaParts } from '../../../src/client/options.ts';
import type { Attributes } from '../../../src/protocol/attributes.ts';
import type { Status } from '../../../src/protocol/tab-down.ts';
import { MemoryLocks } from '../../../src/testing/memory-locks.ts';
import { seededRandom } from '../../../src/testing/seeded-random.ts';
import { settle, VirtualClock } from '../../../src/testing/virtual-clock.ts';
import { freshBackbone } from '../../support/fresh-backbone.ts';
import { HostDouble, HubDouble } from './hub-double.ts';

export type Sighted = Attributes;

export interface TestPage {
  readonly backbone: typeof Backbone;
  readonly medulla: Medulla<typeof Backbone>;
  readonly clock: VirtualClock;
  readonly hub: HubDouble;
  /** What callbacks threw. */
  readonly reported: unknown[];
  readonly locks: MemoryLocks;
}

/** A page with a Backbone of its own, joined to a hub that says what the test tells it to. `atOnce` is called before anything has happened. */
export async function openPage(
  parts: Partial<MedullaParts> = {},
  hub = new HubDouble(),
  clock = new VirtualClock(),
  status: Partial<Status> = {},
  atOnce: (medulla: Medulla<typeof Backbone>) => void = () => undefined,
): Promise<TestPage> {
  const backbone = freshBackbone();
  hub.status = status;
  const reported: unknown[] = [];
  const locks = new MemoryLocks();
  const medulla = createMedulla(backbone, {
    host: new HostDouble(hub),
    locks,
    clock,
    random: seededRandom(1),
    log: () => undefined,
    page: () => 'https://app.test/board/index.html',
    report: (error) => reported.push(error),
    ...parts,
  }).install();
  atOnce(medulla);
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
