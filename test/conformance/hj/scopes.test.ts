import { rmSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createCore } from '../../../src/server/core.ts';
import { MedullaServer } from '../../../src/server/medulla-server.ts';
import { sqliteStore } from '../../../src/server/stores/sqlite-store.ts';
import { seededRandom } from '../../../src/testing/seeded-random.ts';
import { VirtualClock } from '../../../src/testing/virtual-clock.ts';
import { testMedulla } from '../../../src/testing.ts';
import { freshBackbone } from '../../support/fresh-backbone.ts';
import { appModels } from './app-models.ts';

const TEAMS: Readonly<Record<string, readonly string[]>> = { red: ['ann', 'bob'], blue: ['cid'] };

describe('who shares what', () => {
  it('[HJ-15] everyone, one user on all devices, or a team, by the topic and authorize', async () => {
    const backbone = freshBackbone();
    const world = testMedulla(backbone, {
      user: 'ann',
      log: () => undefined,
      resources: {
        '/news': { public: true },
        '/users/:me/notes': { authorize: ({ user, params }) => params.me === user },
        '/teams/:team/tasks': {
          authorize: ({ user, params }) => TEAMS[params.team ?? '']?.includes(user) === true,
        },
      },
    });
    const pages = ['ann', 'bob', 'cid'].map((user, at) => {
      const own = at ? freshBackbone() : backbone;
      const medulla = at ? world.tab(own, { user }).medulla : world.medulla;
      const follow = (url: string) => {
        const tasks = Object.assign(new (appModels(own).Tasks)(), { url });
        medulla.follow(tasks);
        tasks.on('error', () => undefined);
        return tasks;
      };
      return { news: follow('/news'), notes: follow('/users/ann/notes'), tasks: follow('/teams/red/tasks') };
    });
    await world.settle();
    for (const all of Object.values(pages[0] ?? {})) all.create({ id: 1, title: 'By ann' });
    await world.settle();
    expect(pages.map(({ news, notes, tasks }) => [news.length, notes.length, tasks.length])).toEqual([
      [1, 1, 1],
      [1, 0, 1],
      [1, 0, 0],
    ]);
    await world.close();
  });

  it('[HJ-16] outlives the server: a live collection is what the store has kept of it', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'medulla-served-'));
    const start = () => {
      const core = createCore({
        store: sqliteStore(join(folder, 'app.db')),
        clock: new VirtualClock(),
        random: seededRandom(1),
        turn: queueMicrotask,
      });
      const tasks = new (appModels(freshBackbone()).Tasks)();
      const server = new MedullaServer(core, () => core.close());
      return { tasks, server, serving: server.serve(tasks, { public: true }) };
    };
    try {
      const before = start();
      await before.serving.ready;
      before.tasks.add([
        { id: 1, title: 'One' },
        { id: 2, title: 'Two' },
      ]);
      before.tasks.remove(before.tasks.get(1));
      await before.serving.settled();
      await before.server.close();
      const after = start();
      await after.serving.ready;
      expect(after.tasks.toJSON()).toEqual([{ id: 2, title: 'Two' }]);
      await after.server.close();
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
