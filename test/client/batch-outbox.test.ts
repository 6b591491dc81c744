import { expect, it } from 'vitest';
import type { Receipt } from '../../src/protocol/receipt.ts';
import type { OutboxItem } from '../../src/protocol/tab-down.ts';
import { settle } from '../../src/testing/virtual-clock.ts';
import { followed } from './support/page.ts';

interface Item {
  readonly id: string;
  readonly attributes: Record<string, unknown>;
  retry(edit?: object): void;
  discard(): void;
  export(): object;
}

async function refused() {
  const page = await followed({ title: 'Old' });
  const { hub, tasks, model, medulla } = page;
  const outbox = medulla.outbox as unknown as { readonly models: readonly Item[] };
  medulla.batch(() => {
    tasks.create({ title: 'Bad' });
    model.save({ title: 'New' });
  });
  await settle();
  const [one, two] = hub.mutations;
  if (!one || !two) throw new Error('There are not two');
  const itemOf = (mutation: typeof one, state: OutboxItem['state'], code?: string): OutboxItem => ({
    mutation,
    state,
    attempts: 1,
    receipt: code ? ({ type: 'invalid', ids: [mutation.id], code, message: code } as Receipt) : null,
  });
  const tell = (...items: OutboxItem[]) => hub.tell({ outbox: { items, gone: [] } });
  return { ...page, outbox, one, two, itemOf, tell };
}

it('[BA25] the outbox shows a batch as one item, with the worst state and the receipt that is to blame', async () => {
  const { hub, outbox, one, two, itemOf, tell } = await refused();
  tell(itemOf(one, 'sent'), itemOf(two, 'parked', 'retry'));
  await settle();
  const shown = () =>
    outbox.models.map(({ id, attributes: { topic, record, method, set, state, receipt, mutations } }) => ({
      id,
      topic,
      record,
      method,
      set,
      state,
      code: (receipt as { code: string }).code,
      mutations,
    }));
  const { id, topic, record, method, set } = one;
  const item = { id, topic, record, method, set, mutations: [one, two] };
  expect(shown()).toEqual([{ ...item, state: 'parked', code: 'retry' }]);
  tell(itemOf(one, 'rejected', 'batch'), itemOf(two, 'rejected', 'invalid'));
  await settle();
  expect(shown()).toEqual([{ ...item, state: 'rejected', code: 'invalid' }]);
  expect(outbox.models[0]?.export()).toMatchObject({ id, mutations: [one, two] });
  hub.tell({ outbox: { items: [], gone: [one.id] } });
  await settle();
  expect(outbox.models.map(({ attributes: { mutations } }) => mutations)).toEqual([[two]]);
  hub.tell({ outbox: { items: [], gone: [two.id] } });
  await settle();
  expect(outbox.models).toEqual([]);
});

it('[BA25] what is decided about it is decided about all of it', async () => {
  const { hub, tasks, model, medulla, outbox, one, two, itemOf, tell } = await refused();
  for (const mutation of [one, two]) hub.refused(mutation, { code: mutation === one ? 'batch' : 'invalid' });
  tell(itemOf(one, 'rejected', 'batch'), itemOf(two, 'rejected', 'invalid'));
  await settle();
  const unsaved = () => tasks.map((task: object) => medulla.stateOf(task).changed);
  expect(unsaved()).toEqual([['title'], ['title']]);
  outbox.models[0]?.discard();
  await settle();
  expect(hub.of('decide')).toEqual([{ type: 'decide', id: two.id, decision: 'discard' }]);
  expect(medulla.stateOf(model).changed).toEqual([]);
});

it('[BA25] one that has left its batch is an item of its own, and the batch has the id of the next', async () => {
  const { hub, outbox, one, two, itemOf, tell } = await refused();
  const shown = () => outbox.models.map(({ id, attributes }) => [id, attributes.mutations]).sort();
  tell(itemOf(one, 'rejected', 'batch'), itemOf(two, 'rejected', 'invalid'));
  await settle();
  expect(shown()).toEqual([[one.id, [one, two]]]);
  const { batch, ...alone } = one;
  tell(itemOf(alone, 'queued'));
  await settle();
  expect(shown()).toEqual([
    [one.id, undefined],
    [two.id, [two]],
  ]);
  hub.tell({ outbox: { items: [], gone: [one.id, two.id] } });
  await settle();
  expect(shown()).toEqual([]);
});
