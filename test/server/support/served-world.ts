import type Backbone from 'backbone';
import type { Attributes } from '../../../src/protocol/attributes.ts';
import type { RecordId } from '../../../src/protocol/ids.ts';
import { createCore } from '../../../src/server/core.ts';
import { MedullaServer } from '../../../src/server/medulla-server.ts';
import type { Store } from '../../../src/server/store.ts';
import { memoryStore } from '../../../src/server/stores/memory-store.ts';
import { seededRandom } from '../../../src/testing/seeded-random.ts';
import { VirtualClock } from '../../../src/testing/virtual-clock.ts';
import { freshBackbone } from '../../support/fresh-backbone.ts';

type Known = Attributes & { readonly id: RecordId };
export const backbone = freshBackbone();

export function start(store: Store, limits: { readonly record?: number } = {}) {
  const clock = new VirtualClock();
  const logged: string[] = [];
  const core = createCore({
    store,
    clock,
    random: seededRandom(1),
    turn: queueMicrotask,
    limits,
    log: (_level, event) => logged.push(event),
  });
  return { core, clock, logged, server: new MedullaServer(core, () => core.close()) };
}

/** A server over a store that has these records, and a collection that it is to serve. */
export async function world(
  records: readonly Known[],
  properties: object = {},
  models: object[] = [],
  limits: { readonly record?: number } = {},
) {
  const store = memoryStore();
  const before = start(store);
  before.server.resource('/tasks');
  const changes = records.map(({ id, ...set }) => ({ record: id, set }));
  if (changes.length) await before.server.publish('/tasks', changes);
  const { core, server, clock, logged } = start(store, limits);
  const Tasks = backbone.Collection.extend({ url: '/tasks', ...properties }) as new (
    models?: object[],
  ) => Backbone.Collection;
  const tasks = new Tasks(models);
  const serving = server.serve(tasks, { public: true });
  const rows = async () =>
    (await core.snapshot('/tasks' as never)).rows.map(([id, , attrs]): Known => ({ ...attrs, id }));
  return { store, server, clock, logged, tasks, serving, rows };
}
