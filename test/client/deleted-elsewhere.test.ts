import { describe, expect, it } from 'vitest';
import { settle } from '../../src/testing/virtual-clock.ts';
import { edited } from './support/edited.ts';

describe('a record that was deleted elsewhere', () => {
  it('[CF7] stays while it has edits; resolve creates it anew under its id', async () => {
    const { hub, tasks, model, told, stateOf } = await edited({ title: 'Mine' });
    hub.shows(1, null, 0);
    await settle();
    expect([tasks.length, stateOf().state]).toEqual([1, 'conflict']);
    expect(told).toMatchObject([
      { was: { title: 'Old' }, mine: { title: 'Mine' }, theirs: null, names: ['title'] },
    ]);
    told[0]?.resolve({ note: 'More' });
    await settle();
    expect(hub.mutation(0)).toMatchObject({
      method: 'create',
      record: 1,
      set: { title: 'Mine', note: 'More' },
    });
    expect(model.get('note')).toBe('More');
  });

  it('[CF7] under an update that is queued is told when the server says gone; discard removes it', async () => {
    const { hub, tasks, model, told, stateOf } = await edited({});
    hub.tell({ status: { connection: 'waiting', reason: 'unreachable' } });
    model.save({ title: 'Mine' });
    await settle();
    hub.queued(hub.mutation(0));
    await settle();
    const mutation = hub.mutation(0);
    hub.refused(mutation, { type: 'gone', code: 'gone', message: 'It is gone' });
    hub.shows(1, null, 0, 'rejected');
    await settle();
    expect(told).toMatchObject([{ was: { title: 'Old' }, mine: { title: 'Mine' }, theirs: null }]);
    expect([tasks.length, model.get('title'), stateOf().state]).toEqual([1, 'Mine', 'conflict']);
    told[0]?.discard();
    await settle();
    expect([tasks.length, hub.of('decide').length]).toEqual([0, 1]);
  });

  it('[CF7] keeps what is typed into it when the refused write is discarded; without that it goes', async () => {
    const refusedAndDiscarded = async (typed: object) => {
      const page = await edited(typed);
      const { hub, model, medulla } = page;
      const [outbox] = [medulla.outbox as unknown as { first(): { discard(): void } }];
      model.save({ note: 'Mine' }, { patch: true });
      await settle();
      const mutation = hub.mutation(0);
      hub.queued(mutation);
      const receipt = { type: 'gone', code: 'gone', message: 'It is gone', ids: [mutation.id] };
      hub.tell({
        outbox: { items: [{ mutation, state: 'rejected', attempts: 1, receipt }], gone: [] } as never,
      });
      hub.refused(mutation, { type: 'gone', code: 'gone', message: 'It is gone' });
      hub.shows(1, null, 0, 'rejected');
      await settle();
      outbox.first().discard();
      await settle();
      hub.shows(1, null, 0);
      await settle();
      return page;
    };
    const typed = await refusedAndDiscarded({ title: 'Typed' });
    expect(typed.tasks.pluck('title')).toEqual(['Typed']);
    expect([typed.stateOf().state, typed.told.at(-1)?.theirs]).toEqual(['conflict', null]);
    expect((await refusedAndDiscarded({})).tasks.length).toBe(0);
  });

  it('[CF7] under an update of this page is not told before the server’s word', async () => {
    const { hub, tasks, model } = await edited({});
    model.save({ title: 'Mine' });
    await settle();
    hub.tell({
      n: 0,
      values: [{ topic: '/tasks', record: 1, version: 0, attrs: null, state: 'clean' } as never],
    });
    await settle();
    expect([tasks.length, model.attributes]).toEqual([1, { id: 1, title: 'Mine', note: 'Old' }]);
  });
});
