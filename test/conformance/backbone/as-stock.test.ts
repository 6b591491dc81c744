import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../src/testing/seeded-random.ts';
import { testAjax } from '../../../src/testing.ts';
import { load, loadBackbone } from './load.ts';
import { RestStub } from './rest-stub.ts';
import { eventsOf, nextStep, shapeOf } from './steps.ts';
import { collectionOf, VARIANTS, type Variant } from './variants.ts';
import { BACKBONES, LIBRARIES } from './versions.ts';

/** A page over stock sync, or over ours. */
async function page(text: string, variant: Variant, ours: boolean) {
  const backbone = loadBackbone(text, load(LIBRARIES.Underscore ?? ''));
  const stub = new RestStub(variant);
  backbone.ajax = stub.ajax as unknown as typeof backbone.ajax;
  const reported: unknown[] = [];
  if (ours) await testAjax(backbone, { report: (error) => reported.push(error) });
  const tasks = collectionOf(backbone, variant);
  const refuse = (on: boolean) => {
    stub.failure = on ? 500 : undefined;
  };
  return { stub, tasks, refuse, events: eventsOf(tasks), reported };
}
/** Others for each version. */
const seedsFor = (version: string) =>
  Array.from({ length: 2 }, (_, i) => Number(version.replaceAll('.', '')) + i);

describe.each(Object.entries(BACKBONES))('over Backbone.ajax, Backbone %s', (version, text) => {
  it.each(Object.entries(VARIANTS))(
    '[BK-01] [BB2] does what stock sync does, one thing after another: %s',
    async (_name, variant) => {
      for (const seed of seedsFor(version)) {
        const random = seededRandom(seed);
        const [stock, ours] = [await page(text, variant, false), await page(text, variant, true)];
        for (let n = 1; n <= 30; n++) {
          const step = nextStep(random, true);
          for (const one of [stock, ours]) {
            step(one);
            one.stub.answer();
          }
          // What is done in one turn, and what is done in the next.
          if (n % 3 === 0) await Promise.resolve();
          const [here, there] = [ours, stock].map((one) => ({
            asked: one.stub.asked.splice(0),
            ...shapeOf(one, one.events),
          }));
          if (JSON.stringify(here) !== JSON.stringify(there))
            expect({ seed, n, ...here }).toEqual({ seed, n, ...there });
        }
        expect(ours.reported).toEqual([]);
      }
    },
  );
});
