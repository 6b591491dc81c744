import { describe, expect, it } from 'vitest';
import type { Conflict } from '../../src/client/models/conflicts.ts';
import type { Attributes } from '../../src/protocol/attributes.ts';
import { settle } from '../../src/testing/virtual-clock.ts';
import { edited } from './support/edited.ts';

describe('what others change while it is edited here', () => {
  it('[CF1] stays as it is here, and is told once for each of their values', async () => {
    const { hub, model, told, stateOf, medulla } = await edited({ title: 'Mine' });
    const heard: unknown[] = [];
    medulla.on('conflict', (which: unknown, { theirs }: Conflict) => heard.push(which === model, theirs));
    hub.shows(1, { title: 'Theirs', note: 'Theirs' }, 6);
    await settle();
    expect(model.attributes).toEqual({ id: 1, title: 'Mine', note: 'Theirs' });
    expect(told).toMatchObject([
      {
        was: { title: 'Old', note: 'Old' },
        mine: { title: 'Mine', note: 'Theirs' },
        theirs: { title: 'Theirs', note: 'Theirs' },
        names: ['title'],
      },
    ]);
    hub.shows(1, { title: 'Theirs', note: 'Again' }, 7);
    await settle();
    expect([told.length, stateOf().state, heard]).toEqual([1, 'conflict', [true, told[0]?.theirs]]);
    hub.shows(1, { title: 'Other', note: 'Again' }, 8);
    await settle();
    expect([told.length, model.get('title')]).toEqual([2, 'Mine']);
    expect(stateOf().conflict).toMatchObject({ was: { title: 'Old' }, theirs: { title: 'Other' } });
  });

  it('[CF1] is no conflict where both made the same of it, or only one changed it', async () => {
    const { hub, model, told, stateOf } = await edited({ title: 'Same' });
    hub.shows(1, { title: 'Same', note: 'Theirs' }, 6);
    await settle();
    expect([told.length, stateOf().state, stateOf().changed, model.get('note')]).toEqual([
      0,
      'clean',
      [],
      'Theirs',
    ]);
  });

  it('[CF1] ends where it is typed as they have it', async () => {
    const { hub, model, stateOf } = await edited({ title: 'Mine' });
    hub.shows(1, { title: 'Theirs', note: 'Old' }, 6);
    await settle();
    model.set({ title: 'Theirs' });
    expect([stateOf().state, stateOf().changed]).toEqual(['clean', []]);
  });

  it('[CF2] is saved over by a save that knows of it: base and old values are theirs', async () => {
    const { hub, model, told, stateOf } = await edited({ title: 'Mine' });
    hub.shows(1, { title: 'Theirs', note: 'Old' }, 6);
    await settle();
    told[0]?.resolve();
    expect(stateOf()).toMatchObject({ state: 'pending', conflict: null });
    await settle();
    expect(hub.mutation(0)).toMatchObject({ set: { title: 'Mine' }, base: 6, was: { title: 'Theirs' } });
    hub.applied(hub.mutation(0), 7);
    await settle();
    expect([stateOf().state, model.get('title'), told.length]).toEqual(['clean', 'Mine', 1]);
  });

  it('[CF2] may be settled with other attributes, or by taking theirs; other edits stay', async () => {
    const { hub, model, told, stateOf } = await edited({ title: 'Mine', note: 'Typed' });
    hub.shows(1, { title: 'Theirs', note: 'Old' }, 6);
    await settle();
    told[0]?.discard();
    expect(model.attributes).toEqual({ id: 1, title: 'Theirs', note: 'Typed' });
    expect(stateOf()).toMatchObject({ state: 'clean', changed: ['note'], conflict: null });
    model.set({ title: 'Mine again' });
    hub.shows(1, { title: 'Theirs again', note: 'Old' }, 7);
    await settle();
    told[1]?.resolve({ title: 'Both' });
    await settle();
    expect(hub.mutation(0)).toMatchObject({ set: { title: 'Both', note: 'Typed' }, base: 7 });
  });

  it('[CF3] in a nested value or a list is one value, compared by what it holds', async () => {
    const { hub, model, told } = await edited({ note: { tags: ['a', 'mine'] } });
    hub.shows(1, { title: 'Old', note: { tags: ['a', 'mine'] } }, 6);
    await settle();
    expect(told.length).toBe(0);
    (model.get('note') as { tags: string[] }).tags.push('here');
    hub.shows(1, { title: 'Old', note: { tags: ['a', 'theirs'] } }, 7);
    await settle();
    expect(told).toMatchObject([{ names: ['note'], mine: { note: { tags: ['a', 'mine', 'here'] } } }]);
    expect(model.get('note')).toEqual({ tags: ['a', 'mine', 'here'] });
  });

  it('[CF3] is told in the shape that parse makes', async () => {
    const parse = ({ title, ...rest }: Attributes) => ({ ...rest, title: `<${title}>` });
    const { hub, told, stateOf } = await edited({ title: 'Mine' }, { parse });
    hub.shows(1, { title: 'Theirs', note: 'Old' }, 6);
    await settle();
    expect(told).toMatchObject([{ was: { title: '<Old>' }, mine: { title: 'Mine' } }]);
    expect(told[0]?.theirs).toEqual({ title: '<Theirs>', note: 'Old' });
    told[0]?.discard();
    expect(stateOf()).toMatchObject({ state: 'clean', changed: [] });
  });

  it('[CF1] is no conflict where the server itself made something else of what was sent', async () => {
    const { hub, model, told } = await edited({});
    model.save({ title: ' Sent ' });
    await settle();
    model.set({ title: ' Sent and more' });
    hub.applied(hub.mutation(0), 6, { set: { title: 'Sent' } });
    await settle();
    expect([told.length, model.get('title')]).toEqual([0, ' Sent and more']);
    model.save();
    await settle();
    expect(hub.mutation(1)).toMatchObject({ was: { title: 'Sent' } });
    hub.applied(hub.mutation(1), 7);
    model.set({ title: 'Typed' });
    model.save();
    await settle();
    model.set({ title: 'Typed on' });
    hub.applied(hub.mutation(2), 8, { set: { title: 'Typed, theirs' }, merged: true });
    await settle();
    expect(told).toMatchObject([{ theirs: { title: 'Typed, theirs' }, mine: { title: 'Typed on' } }]);
  });
});
