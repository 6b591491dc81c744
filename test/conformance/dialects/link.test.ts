import { expect, it } from 'vitest';
import { MedullaError } from '../../../src/protocol/errors.ts';
import type { MutationId } from '../../../src/protocol/ids.ts';
import type { Effect } from '../../../src/protocol/receipt.ts';
import { deferred } from '../../support/deferred.ts';
import { begin, changes, follow, followed, opened, push, sent, TASKS, withdraw } from './link-world.ts';

const TEMPORARY = '~01890a5d-ac96-774b-bcce-b302099a8057';
it('[DI8] tells of the effect of a write, with all that it is of, before the receipt that names its offset', async () => {
  const { own } = await begin([{ id: 1, title: 'A' }]);
  const begun = await follow(own);
  const write = sent({ set: { title: 'B' } });
  const receipt = (await push(own, write)) as Effect;
  const [change] = changes(own);
  expect(begun).toMatchObject({ type: 'snapshot', cursor: { offset: change?.from } });
  expect(change?.entries).toEqual([
    [1, receipt.offset, { title: 'B', revision: 1 }, '*', [write.mutation.id]],
  ]);
  expect(change?.to).toBeGreaterThanOrEqual(receipt.offset);
  expect(receipt).toMatchObject({ type: 'applied', set: { revision: 1 } });
});

it('[DI8] an answer that was on its way takes nothing back that has come meanwhile', async () => {
  const { server, own } = await begin([
    { id: 1, title: 'A' },
    { id: 2, title: 'X' },
    { id: 3, title: 'Y' },
  ]);
  const gate = deferred<void>();
  server.gate = gate.promise;
  const following = follow(own);
  // It was read there before all that follows, and is answered afterwards.
  while (server.asked.length === 0) await Promise.resolve();
  await push(own, sent({ record: 3, set: { title: 'Mine' }, base: null }));
  server.put('/tasks', { id: 1, title: 'B' });
  server.drop('/tasks', 2);
  gate.resolve();
  const begun = await following;
  expect(begun).toMatchObject({ type: 'snapshot' });
  const rows = begun?.type === 'snapshot' ? begun.rows.map(([id, , attrs]) => [id, attrs.title]) : [];
  expect(rows).toEqual([
    [1, 'B'],
    [3, 'Mine'],
  ]);
});

it('[DI8] so it is with a topic that is read and not followed', async () => {
  const { server, own } = await begin([{ id: 1, title: 'A' }]);
  const gate = deferred<void>();
  server.gate = gate.promise;
  const wanted = { topic: TASKS, cursor: null, live: false };
  const reading = own.link.request('follow', { topics: [wanted] });
  while (server.asked.length === 0) await Promise.resolve();
  await push(own, sent({ set: { title: 'Mine' }, base: null }));
  gate.resolve();
  const { topics } = await reading;
  expect(topics[0]).toMatchObject({ type: 'snapshot', rows: [[1, expect.any(Number), { title: 'Mine' }]] });
});

it('[DI8] where others were heard of while a write was on its way, it is read again: which is newer, nobody knows', async () => {
  const { server, own } = await begin([{ id: 1, title: 'A' }]);
  await follow(own);
  const gate = deferred<void>();
  server.beforeAnswer = gate.promise;
  const receipt = push(own, sent({ set: { title: 'Mine' } }));
  while (server.records('/tasks')[0]?.title !== 'Mine') await Promise.resolve();
  server.put('/tasks', { id: 1, title: 'Theirs', by: 'them' });
  gate.resolve();
  await receipt;
  while (changes(own).length < 3) await Promise.resolve();
  expect(changes(own).at(-1)?.entries).toMatchObject([
    [1, expect.any(Number), { title: 'Theirs', by: 'them' }, '*'],
  ]);
});

it('[DI8] a record that is told of before the receipt of its create waits for that, and is no second one', async () => {
  const { server, own } = await begin();
  await follow(own);
  const write = sent({ method: 'create', record: TEMPORARY, set: { title: 'New' }, base: null });
  const gate = deferred<void>();
  server.beforeAnswer = gate.promise;
  const receipt = push(own, write);
  while (server.records('/tasks').length === 0) await Promise.resolve();
  server.put('/tasks', { id: 1, title: 'New' });
  expect(changes(own)).toEqual([]);
  gate.resolve();
  expect(await receipt).toMatchObject({ type: 'applied', record: 1 });
  expect(changes(own)[0]?.entries).toMatchObject([
    [1, expect.anything(), { title: 'New' }, '*', [write.mutation.id]],
  ]);
});

it('[DI4] a fold whose answer was lost goes again as it was; what was in it is known afterwards', async () => {
  const { server, connection, own } = await begin([{ id: 1, title: 'A' }]);
  const later = 'tab:later' as MutationId;
  const fold = sent({ set: { title: 'B', done: true }, base: null }, [later]);
  server.loseAnswer();
  await expect(push(own, fold)).rejects.toMatchObject({ code: 'unreachable' });
  const next = await opened(connection);
  // The hub folds nothing that may have been sent: it comes apart.
  const first = await push(next, { ...fold, mutation: { ...fold.mutation, set: { title: 'B' } }, also: [] });
  expect(first).toMatchObject({ type: 'applied', ids: [fold.mutation.id] });
  const sentThen = server.asked.filter(({ method }) => method === 'update');
  expect(sentThen.map(({ attrs }) => attrs)).toEqual([
    { id: 1, title: 'B', done: true },
    { id: 1, title: 'B', done: true },
  ]);
  const second = await push(next, {
    ...sent({ set: { done: true } }),
    mutation: { ...fold.mutation, id: later, set: { done: true } },
  });
  expect(second).toMatchObject({ type: 'applied', ids: [later] });
  expect(server.asked.filter(({ method }) => method === 'update')).toHaveLength(2);
});

it('[DI9] takes back what was never sent; of what was, says what became of it, or that nobody knows', async () => {
  const { server, connection, own } = await begin([{ id: 1, title: 'A' }]);
  expect(await withdraw(own, 'tab:never' as MutationId)).toMatchObject({ type: 'withdrawn' });
  const done = sent({ set: { title: 'B' }, base: null });
  await push(own, done);
  expect(await withdraw(own, done.mutation.id)).toMatchObject({ type: 'applied', ids: [done.mutation.id] });
  const gate = deferred<void>();
  server.beforeAnswer = gate.promise;
  const under = sent({ set: { title: 'C' }, base: null });
  const receipt = push(own, under);
  const asked = withdraw(own, under.mutation.id);
  gate.resolve();
  await receipt;
  expect(await asked).toMatchObject({ type: 'applied' });
  const lost = sent({ set: { title: 'D' }, base: null });
  server.loseAnswer();
  await push(own, lost).catch(() => undefined);
  expect(await withdraw(await opened(connection), lost.mutation.id)).toMatchObject({ type: 'lost' });
});

it('[DI9] of what has no answer nobody knows, also where the link goes on', async () => {
  const { server, own } = await begin([{ id: 1, title: 'A' }]);
  const { handle } = server;
  server.handle = (...call) => {
    handle.apply(server, call);
    throw new MedullaError('timeout', 'The server does not answer this');
  };
  const write = sent({ set: { title: 'B' }, base: null });
  await expect(push(own, write)).rejects.toMatchObject({ code: 'timeout' });
  expect(await withdraw(own, write.mutation.id)).toMatchObject({ type: 'lost' });
});

it('[DI5] refuses a batch, and carries none of it out', async () => {
  const { server, own } = await begin();
  const batch = { id: 'tab:1' as MutationId, size: 2 };
  const write = sent({ method: 'create', record: 'x', set: { title: 'A' }, base: null, batch });
  expect(await push(own, write)).toMatchObject({ type: 'invalid', code: 'batch' });
  expect(server.asked).toEqual([]);
});

it('[DI2] an update of what is not there is refused as gone, and its delete is done', async () => {
  const { own } = await begin();
  expect(await push(own, sent({ record: 9, set: { title: 'A' } }))).toMatchObject({ type: 'gone' });
  expect(await push(own, sent({ record: 9, method: 'delete' }))).toMatchObject({ type: 'applied' });
});

it('[DI1] what was never made is deleted without a word to the server', async () => {
  const { server, own } = await begin([{ id: 1, title: 'A' }]);
  const write = sent({ method: 'delete', record: TEMPORARY, base: null }, ['tab:after' as MutationId]);
  expect(await push(own, write)).toMatchObject({ type: 'applied', ids: [write.mutation.id, 'tab:after'] });
  const update = sent({ record: TEMPORARY, set: { title: 'B' }, base: null });
  expect(await push(own, update)).toMatchObject({ type: 'gone' });
  expect(server.asked).toEqual([]);
  expect(server.records('/tasks')).toHaveLength(1);
});

it('[DI1] a create whose answer names no id is refused, and says that it is there all the same', async () => {
  const { server, own } = await begin();
  server.nameless = true;
  const write = sent({ method: 'create', record: TEMPORARY, set: { title: 'A' }, base: null });
  const receipt = await push(own, write);
  expect(receipt).toMatchObject({ type: 'invalid', code: 'bad-message' });
  expect('message' in receipt && receipt.message).toContain('names no id');
});

it('[DI7] a follow that is asked for again brings what is different, as a change', async () => {
  const { server, own } = await begin([
    { id: 1, title: 'A' },
    { id: 2, title: 'B' },
  ]);
  const begun = await followed(own);
  server.silently(() => {
    server.put('/tasks', { id: 1, title: 'Z' });
    server.drop('/tasks', 2);
  });
  const wanted = { topic: TASKS, cursor: begun.cursor, live: true };
  const { topics } = await own.link.request('follow', { topics: [wanted] });
  expect(topics[0]).toMatchObject({
    type: 'changes',
    changes: { from: begun.cursor.offset, to: begun.cursor.offset, entries: [] },
  });
  expect(changes(own)).toHaveLength(1);
  expect(changes(own)[0]?.from).toBe(begun.cursor.offset);
  expect(changes(own)[0]?.entries.map(([id, , attrs]) => [id, attrs])).toEqual([
    [2, null],
    [1, { title: 'Z' }],
  ]);
});
