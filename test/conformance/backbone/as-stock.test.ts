import type Backbone from 'backbone';
import { describe, expect, it } from 'vitest';
import type { Random } from '../../../src/base/random.ts';
import { seededRandom } from '../../../src/testing/seeded-random.ts';
import { testAjax } from '../../../src/testing.ts';
import { load, loadBackbone } from './load.ts';
import { RestStub } from './rest-stub.ts';
import { BACKBONES, LIBRARIES } from './versions.ts';

/** A page of an application, over stock sync or over ours, and all that happens in it. */
async function page(text: string, ours: boolean) {
  const backbone = loadBackbone(text, load(LIBRARIES.Underscore ?? ''));
  const stub = new RestStub();
  backbone.ajax = stub.ajax as unknown as typeof backbone.ajax;
  const reported: unknown[] = [];
  if (ours) await testAjax(backbone, { report: (error) => reported.push(error) });
  const tasks: Backbone.Collection = new (backbone.Collection.extend({ url: '/tasks' }))();
  const events: string[] = [];
  tasks.on('all', (name: string, target: Backbone.Model) => {
    if (!name.startsWith('medulla:')) events.push(`${name} ${target?.id ?? ''}`);
  });
  return { stub, tasks, events, reported };
}
type Page = Awaited<ReturnType<typeof page>>;

/** What somebody does next, with all chance taken out of it. */
function nextStep(random: Random): (page: Page) => void {
  const pick = (n: number) => Math.floor(random.next() * n);
  const which = pick(100);
  const attrs = { [`a${pick(3)}`]: pick(4) };
  const options = { wait: pick(3) === 0, patch: pick(3) === 0 } as Backbone.ModelSaveOptions;
  // What was added here and never saved goes with a fetch, with us: all names are there from the start.
  const whole = { a0: pick(4), a1: pick(4), a2: pick(4) };
  const fetch = { reset: pick(3) === 0, remove: pick(3) !== 0, merge: pick(3) !== 0 };
  const [kind, failure] = [pick(9), pick(8) === 0];
  // A delete that is refused puts its record back, and what was not saved stays, with us.
  const fails =
    failure && (kind < 4 ? options.wait : kind === 6 || kind === 7 || (kind === 8 && options.wait));
  return ({ stub, tasks }) => {
    const model = tasks.at(which % (tasks.length || 1));
    stub.failure = fails ? 500 : undefined;
    if (kind < 2 || !model) tasks.create({ ...whole }, options);
    else if (kind < 4) model.save({ ...attrs }, options);
    else if (kind === 4) model.save(null, { patch: false });
    else if (kind === 5) model.set({ ...attrs }).save(null, { wait: options.wait });
    else if (kind === 6) (model.isNew() ? tasks : model).fetch();
    else if (kind === 7) tasks.fetch(fetch);
    else model.destroy(options);
    stub.answer();
    stub.failure = undefined;
  };
}

const shape = ({ stub, tasks, events }: Page) => ({
  asked: stub.asked.splice(0),
  events: events.splice(0),
  models: tasks.map((model) => JSON.stringify(Object.entries(model.attributes).sort())),
  changed: tasks.map((model) => JSON.stringify(model.changedAttributes())),
});

describe.each(Object.entries(BACKBONES))('over Backbone.ajax, Backbone %s', (_version, text) => {
  it('[BK-01] [BB2] does what stock sync does, whatever is done one after the other', async () => {
    for (let seed = 1; seed <= 12; seed++) {
      const random = seededRandom(seed);
      const [stock, ours] = [await page(text, false), await page(text, true)];
      for (let n = 1; n <= 30; n++) {
        const step = nextStep(random);
        step(stock);
        step(ours);
        // What is done in one turn, and what is done in the next.
        if (n % 3 === 0) await Promise.resolve();
        const [here, there] = [shape(ours), shape(stock)];
        if (JSON.stringify(here) !== JSON.stringify(there))
          expect({ seed, n, ...here }).toEqual({ seed, n, ...there });
      }
      expect(ours.reported).toEqual([]);
    }
  });
});
