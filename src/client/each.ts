import type { Backbone } from './backbone.ts';

/** Runs `act` for each item. Whatever the application's code throws meanwhile is reported, and stops nothing. */
export type Each = <T>(items: Iterable<T>, act: (item: T) => void) => void;

type Trigger = (this: unknown, ...args: never[]) => unknown;

/**
 * Meanwhile a listener that throws is caught where Backbone calls it: else Backbone would leave the rest of what it was
 * about undone, the other models of a `set` and their events, and the hub says nothing twice.
 */
export function createEach({ Events, Model, Collection }: Backbone, report: (error: unknown) => void): Each {
  const owners: { trigger: Trigger }[] = [Events, Model.prototype, Collection.prototype];
  /** Whether a listener that throws would stop us now; what one listener calls is that listener's to catch. */
  let guarded = false;

  const each: Each = (items, act) => {
    for (const item of items)
      try {
        act(item);
      } catch (error) {
        report(error);
      }
  };

  const guard = (trigger: Trigger): Trigger =>
    function (...args) {
      if (!guarded) return trigger.apply(this, args);
      guarded = false;
      each([args], () => trigger.apply(this, args));
      guarded = true;
      return this;
    };

  return (items, act) => {
    const before = guarded;
    const triggers = owners.map(({ trigger }) => trigger);
    for (const owner of before ? [] : owners) owner.trigger = guard(owner.trigger);
    guarded = true;
    each(items, act);
    guarded = before;
    for (const owner of owners) owner.trigger = triggers.shift() as Trigger;
  };
}
