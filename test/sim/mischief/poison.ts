import type Backbone from 'backbone';
import { create, write } from '../world/work.ts';
import type { Place } from './place.ts';

/** Somebody writes what the server fails on: see {@link isPoison}. */
const poison =
  (title: (place: Place) => string) =>
  (place: Place): void => {
    const { world, tabs, dice } = place;
    const alive = tabs.filter((tab) => tab.process.running);
    if (alive.length === 0) return;
    const tab = dice.pick(alive);
    // The lists have no application that could fail on it.
    const collection = dice.pick(tab.collections.slice(1));
    const what = title(place);
    world.fault(tab.name, `writes what the server fails on: ${what}`);
    if (collection.length === 0 || dice.chance(0.4)) create(tab, collection, { title: what, n: 1 }, {});
    else write(tab, dice.pick(collection.models as Backbone.Model[]), { title: what }, {});
  };

export const POISON = {
  poison: poison(() => 'poison'),
  breaker: poison(() => 'breaker'),
  hard: poison(({ dice }) => `hard ${dice.int(1, 6)}`),
};
