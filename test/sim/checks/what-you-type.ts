import { recordKey } from '../../../src/protocol/ids.ts';
import type { Mutation } from '../../../src/protocol/mutation.ts';
import type { Observer } from '../world/observer.ts';
import type { SimTab } from '../world/sim-tab.ts';
import type { Typed } from '../world/typing.ts';
import { isRefused, type Ledger, type WriteFact } from './ledger.ts';

/**
 * P10: what a user typed is in its model until it is confirmed or the user gives it up, whatever else comes in for it.
 * What was saved may be followed by another write of the same device.
 */
export function whatYouType(ledger: Ledger): Observer {
  const own = (tab: SimTab, { model, topic }: Typed) =>
    [...ledger.writes.values()]
      .filter(({ device }) => device === tab.device.name)
      .filter(({ mutation }) => ledger.named(mutation) === ledger.named({ topic, record: model.id }));
  /** The server has applied it, and then what is there now: its tab need not have heard of the first alone. */
  const isOverwritten = ({ model, topic, name }: Typed, { receipt }: WriteFact) => {
    const then = receipt && 'offset' in receipt ? receipt.offset : Number.POSITIVE_INFINITY;
    const steps = ledger.history.get(topic) ?? [];
    return steps.some(
      ({ offset, key, attrs }) =>
        offset > then && key === recordKey(model.id) && attrs?.[name] === model.get(name),
    );
  };
  /**
   * Something else has rightly taken its place: another write of the device that came to a hub after it, or, where it had
   * its 202, what was there before, since it was refused: its tab may be about to hear of that.
   */
  const isReplaced = ({ model, name, value, state }: Typed, mine: readonly WriteFact[]) => {
    const last = mine.findLastIndex(({ mutation }) => setsTo(mutation, name, value));
    const fact = mine[last];
    if (!fact) return false;
    // What a database that is gone had confirmed is gone with that, until it is repeated.
    const isGivenUp = state === 'queued' && ((isRefused(fact) && fact.onDisk) || fact.before);
    return isGivenUp || mine.slice(last + 1).some((later) => leaves(later, name, model.get(name)));
  };
  return {
    // By the time at which all is looked at, others may have changed what was rightly there in its place.
    showing(tab) {
      for (const typed of tab.typing.held) {
        const { model, name, value, state } = typed;
        if (model.isNew() || state === 'unsaved' || model.get(name) === value) continue;
        if (isReplaced(typed, own(tab, typed))) tab.typing.undone(model, name);
      }
    },
    passed(world) {
      for (const tab of world.tabs) {
        if (!tab.process.running) continue;
        for (const typed of tab.typing.held) {
          const { model, topic, name, value, state } = typed;
          // Until it has its id nobody else can write it.
          if (model.isNew() || ledger.isTwo({ topic, record: model.id })) continue;
          const isKept = model.get(name) === value;
          const mine = isKept || state === 'unsaved' ? [] : own(tab, typed);
          const isFollowed =
            isReplaced(typed, mine) ||
            mine.some(
              (fact) =>
                setsTo(fact.mutation, name, model.get(name)) ||
                (setsTo(fact.mutation, name, value) && isOverwritten(typed, fact)),
            );
          // What is unsaved goes along with a patch of what the server has no more, which makes it anew; where that is
          // refused, it is offered.
          const hasGone =
            !isKept &&
            state === 'unsaved' &&
            own(tab, typed).some(
              (fact) =>
                fact.mutation.method === 'create' &&
                setsTo(fact.mutation, name, value) &&
                (fact.before || fact.receipt !== undefined),
            );
          const stays = isKept || isFollowed || hasGone || mine.some(isCreate);
          // Another write has taken its place: from now on others may change that.
          if (isFollowed || hasGone) tab.typing.undone(model, name);
          if (stays && !typed.challenged) continue;
          typed.challenged = false;
          ledger.check(
            'P10',
            stays,
            () =>
              `${tab.name} lost what was typed into ${topic}/${model.id} and is ${state}: ${name} was ${JSON.stringify(value)} and is ${JSON.stringify(model.get(name))}`,
          );
        }
      }
    },
  };
}

/** What its author had seen nothing of is a create for the hub: of a record that another has made since, it is a conflict. */
const isCreate = ({ mutation: { method, base } }: WriteFact): boolean => method === 'create' || base === null;

const setsTo = ({ set, unset }: Mutation, name: string, value: unknown): boolean =>
  unset.includes(name) || set[name] === value;

/** It sets the name to the value, or the server made that of it. */
const leaves = ({ mutation, receipt }: WriteFact, name: string, value: unknown): boolean =>
  setsTo(mutation, name, value) ||
  (receipt !== undefined && 'offset' in receipt && receipt.set?.[name] === value);
