import { expect, it } from 'vitest';
import type { RecordedLink } from '../../adapters/link-recorder.ts';
import { begin, changes, endLinks, follow, TASKS } from './link-world.ts';

endLinks();

/** A follow that begins with all of it. */
async function followed(own: RecordedLink) {
  const begun = await follow(own);
  if (begun?.type !== 'snapshot') throw new Error('It is no snapshot');
  return begun;
}

it('[DI7] a topic that was released and is followed again begins with all of it: what came between was not told', async () => {
  const { server, own } = await begin([{ id: 1, title: 'A' }]);
  const { cursor } = await followed(own);
  await own.link.request('release', { topic: TASKS });
  server.put('/tasks', { id: 1, title: 'B' });
  expect(await follow(own, cursor)).toMatchObject({
    type: 'snapshot',
    rows: [[1, expect.anything(), { title: 'B' }]],
  });
});

it('[DI7] who has not come as far as what was told is not taken to be there', async () => {
  const { server, own } = await begin([{ id: 1, title: 'A' }]);
  const { cursor } = await followed(own);
  server.put('/tasks', { id: 1, title: 'B' });
  expect(changes(own)).toHaveLength(1);
  expect(await follow(own, cursor)).toMatchObject({
    type: 'snapshot',
    rows: [[1, expect.anything(), { title: 'B' }]],
  });
});
