import type Backbone from 'backbone';
import { recordKey } from '../../../src/protocol/ids.ts';
import type { Mutation } from '../../../src/protocol/mutation.ts';
import type { Dice } from '../../support/dice.ts';
import type { SimTab } from './sim-tab.ts';
import { nameOf } from './work.ts';

interface Item {
  readonly id: string;
  readonly attributes: Readonly<Record<string, unknown>>;
  get(name: string): unknown;
  retry(edit?: object): void;
  discard(): void;
}

/** What the user decides about what was refused: once more with an edit, or not at all. */
export function decide(tab: SimTab, dice: Dice): void {
  for (const item of rejected(tab)) {
    if (dice.chance(0.6)) continue;
    const retry = dice.chance(0.4);
    decided(tab, item);
    tab.tell(`decides about ${item.id}: ${retry ? 'once more' : 'discard'}`);
    if (retry) item.retry({ title: 'edited' });
    else item.discard();
  }
}

/** At rest the user gives up all that was refused, in the end what is parked too, and what is unsaved goes back to what the server has. */
export function giveUp(tab: SimTab, isLate: boolean): void {
  for (const item of [...rejected(tab), ...(isLate ? inState(tab, 'parked') : [])]) {
    decided(tab, item);
    tab.tell(`gives ${item.id} up`);
    item.discard();
  }
  for (const collection of tab.collections) {
    for (const model of [...collection.models]) {
      if (isOnItsWay(tab, collection, model)) continue;
      const { changed, conflict } = tab.medulla.stateOf(model);
      if (changed.length > 0) undo(tab, collection, model);
      else conflict?.discard();
    }
  }
}

function isOnItsWay(tab: SimTab, collection: Backbone.Collection, model: Backbone.Model): boolean {
  if (tab.medulla.stateOf(model).state === 'pending') return true;
  const items = tab.medulla.outbox.models as unknown as Item[];
  return items.some((item) => item.get('topic') === collection.url && item.get('record') === model.id);
}

function undo(tab: SimTab, collection: Backbone.Collection, model: Backbone.Model): void {
  const gone = () => collection.remove(model);
  if (model.isNew()) {
    tab.tell('removes a new model that was refused');
    gone();
    return;
  }
  tab.typing.left([model]);
  tab.ask(`fetches ${nameOf(model)} to undo its edits`, ({ success, error }) =>
    model.fetch({
      success,
      error(target: unknown, request: { status: number }, options: unknown) {
        error(target, request, options);
        // What may not be seen is not shown.
        if (request.status === 404 || request.status === 403) gone();
      },
    } as never),
  );
}

const rejected = (tab: SimTab) => inState(tab, 'rejected');

function inState(tab: SimTab, state: string): Item[] {
  const items = tab.medulla.outbox.models as unknown as Item[];
  return items.filter((item) => item.get('state') === state);
}

/** It is decided for all tabs, and for all of a batch; what goes with a create is all that was to follow it. */
function decided(tab: SimTab, item: Item): void {
  const all = new Set([item]);
  const items = tab.medulla.outbox.models as unknown as Item[];
  // Those that are added are looked at, too.
  for (const one of all)
    for (const { method, topic, record } of mutationsOf(one))
      for (const other of method === 'create' ? items : [])
        if (mutationsOf(other).some((later) => later.topic === topic && later.record === record))
          all.add(other);
  for (const { typing } of tab.siblings)
    for (const one of all)
      for (const { topic, record } of mutationsOf(one)) typing.decided(topic, recordKey(record));
}

function mutationsOf(item: Item): readonly Mutation[] {
  const { topic, record, method } = item.attributes;
  return (
    (item.get('mutations') as readonly Mutation[] | undefined) ?? [{ topic, record, method } as Mutation]
  );
}
