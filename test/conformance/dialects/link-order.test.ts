import { expect, it } from 'vitest';
import { silentLog } from '../../../src/base/log.ts';
import { systemRandom } from '../../../src/base/random.ts';
import { dialectConnection } from '../../../src/hub/dialects/dialect-connection.ts';
import type { Attributes } from '../../../src/protocol/attributes.ts';
import { afterEntry } from '../../../src/protocol/change.ts';
import { MedullaError } from '../../../src/protocol/errors.ts';
import { VirtualClock } from '../../../src/testing/virtual-clock.ts';
import { deferred } from '../../support/deferred.ts';
import { begin, changes, follow, followed, opened, push, sent, TASKS } from './link-world.ts';

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

it('[DI8] what a record that nobody follows is written as is not forgotten for an older answer', async () => {
  const { server, own } = await begin([{ id: 1, title: 'A' }]);
  const read = () => own.link.request('read', { topic: TASKS, record: 1 });
  await read();
  const gate = deferred<void>();
  server.gate = gate.promise;
  const reading = read();
  while (server.asked.length < 2) await Promise.resolve();
  await push(own, sent({ set: { title: 'B' } }));
  gate.resolve();
  await reading;
  await push(own, sent({ set: { done: true } }));
  expect(server.records('/tasks')).toMatchObject([{ title: 'B', done: true }]);
});

it('[DI8] the effect of a patch takes nothing back that others have changed meanwhile', async () => {
  const { server, own } = await begin([{ id: 1, title: 'A', size: 1 }]);
  await followed(own);
  const gate = deferred<void>();
  server.beforeAnswer = gate.promise;
  server.nameless = true;
  const writing = push(own, sent({ method: 'patch', set: { title: 'B' } }));
  while (server.asked.length < 2) await Promise.resolve();
  server.put('/tasks', { id: 1, size: 2 });
  gate.resolve();
  await writing;
  let seen: Attributes | null = { title: 'A', size: 1 };
  for (const { entries } of changes(own)) for (const entry of entries) seen = afterEntry(seen, entry);
  expect(seen).toMatchObject({ title: 'B', size: 2 });
});

it('[DI7] what is said to have changed while it is read for the first time is read once more', async () => {
  const { server, own } = await begin([{ id: 1, title: 'A' }]);
  const gate = deferred<void>();
  server.gate = gate.promise;
  const following = followed(own);
  while (server.asked.length === 0) await Promise.resolve();
  server.silently(() => server.put('/tasks', { id: 1, title: 'B' }));
  server.hint(TASKS);
  const next = own.nextEvent();
  gate.resolve();
  const { cursor } = await following;
  expect(await next).toMatchObject({
    from: cursor.offset,
    entries: [[1, expect.anything(), { title: 'B' }, '*']],
  });
});

it('[DI7] a topic that cannot be read again is not taken for one that has not changed', async () => {
  const { server, own } = await begin([{ id: 1, title: 'A' }]);
  const { cursor } = await followed(own);
  const handle = server.handle;
  server.handle = () => {
    throw new MedullaError('unauthorized', 'Sign in');
  };
  const next = own.nextEvent();
  server.hint(TASKS);
  expect(await next).toEqual({ topic: TASKS, code: 'unauthorized', message: 'Sign in' });
  server.handle = handle;
  expect(await follow(own, cursor)).toMatchObject({ type: 'snapshot' });
});

it('[DI8] what a hub reads counts as newer than all that the one before it has counted, however much that was', async () => {
  const { server } = await begin();
  server.silently(() => {
    for (let id = 1; id <= 500; id++) server.put('/tasks', { id, title: 'A' });
  });
  const clock = new VirtualClock();
  const starting = () =>
    opened(dialectConnection({ wire: server, clock, random: systemRandom, log: silentLog }));
  const { cursor } = await followed(await starting());
  await clock.advance(1);
  const { link } = await starting();
  const { rows } = await link.request('read', { topic: TASKS, record: 1 });
  expect(rows[0]?.[1]).toBeGreaterThan(cursor.offset);
});
