import { expect, it } from 'vitest';
import type { Topic } from '../../src/protocol/ids.ts';
import { settle } from '../../src/testing/virtual-clock.ts';
import { openPage } from './support/page.ts';

const topic = '/tasks' as Topic;
const refused = { code: 'forbidden', message: 'Only for members' };

async function following() {
  const logged: unknown[] = [];
  const page = await openPage({ log: (level, ...rest) => level === 'warn' && logged.push(rest) });
  const tasks = new (page.backbone.Collection.extend({ url: '/tasks' }))();
  const told: unknown[] = [];
  const note =
    (name: string) =>
    (...args: unknown[]) => {
      const all = args as { status?: number; responseJSON?: unknown }[];
      const request = all.find((arg) => 'responseJSON' in arg);
      told.push([name, request?.status, request?.responseJSON]);
    };
  tasks.on('error', note('tasks'));
  page.medulla.on('error', note('medulla'));
  return { ...page, tasks, told, logged };
}

it('[TB40] a follow that the server refuses is logged, and the collection hears an error as of a fetch', async () => {
  const { hub, medulla, tasks, told, logged } = await following();
  medulla.follow(tasks);
  await settle();
  hub.fail('forbidden', refused.message);
  for (let i = 0; i < 2; i++) hub.tell({ topics: [{ topic, loaded: false, synced: false, refused }] });
  await settle();
  expect(logged).toEqual([['forbidden', { topic, ...refused }]]);
  expect(hub.of('read')).toHaveLength(2);
  hub.fail('forbidden', refused.message);
  await settle();
  expect(told).toEqual([
    ['tasks', 403, refused],
    ['medulla', 403, refused],
  ]);
});

it('[TB40] whose fetch tells it is told once', async () => {
  const { hub, tasks, told, logged } = await following();
  tasks.fetch({ follow: true } as object);
  await settle();
  hub.fail('forbidden', refused.message);
  hub.tell({ topics: [{ topic, loaded: false, synced: false, refused }] });
  await settle();
  expect([told.length, logged.length, hub.of('read').length]).toEqual([2, 1, 1]);
});

it('[TB40] is told where the topic was shown before', async () => {
  const { hub, tasks, told, logged } = await following();
  tasks.fetch({ follow: true } as object);
  await settle();
  hub.rows([[1, 1, { n: 1 }]]);
  hub.tell({ topics: [{ topic, loaded: true, synced: true }] });
  hub.tell({ topics: [{ topic, loaded: false, synced: false, refused }] });
  await settle();
  hub.fail('forbidden', refused.message);
  await settle();
  expect([told.length, logged.length]).toEqual([2, 1]);
});
