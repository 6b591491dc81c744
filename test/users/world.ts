import type { RecordId, Topic } from '../../src/protocol/ids.ts';
import type { CoreOptions } from '../../src/server/core-options.ts';
import { memoryStore } from '../../src/server/stores/memory-store.ts';
import { seededRandom } from '../../src/testing/seeded-random.ts';
import { testCore } from '../server/support/test-core.ts';
import { SharedBrowser } from './shared-browser.ts';

/** A shared browser, and a server that has one list of tasks for each user: what one has written, no other may see. */
export function world(options: Partial<CoreOptions> = {}) {
  const store = memoryStore({ random: seededRandom(2) });
  const { core } = testCore({ store, ...options });
  const judged: string[] = [];
  core
    .resource('/:user/tasks', { authorize: ({ user, params }) => user === params.user })
    .use('create', 'update', 'patch', 'delete', (ctx, next) => {
      judged.push(`${ctx.user} ${ctx.method} ${ctx.record}`);
      return next();
    });
  core.resource('/tasks', { public: true });
  /** The ids of the records that the server has. */
  const rows = async (topic = '/tasks'): Promise<RecordId[]> => {
    const { rows: all } = await store.page(topic as Topic, null, { rows: 100, bytes: 1e6 });
    return all.map(([id]) => id);
  };
  return { browser: new SharedBrowser(core), core, store, rows, judged };
}
