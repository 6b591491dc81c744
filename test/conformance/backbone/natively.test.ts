import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../src/testing/seeded-random.ts';
import { Refusal, testMedulla } from '../../../src/testing.ts';
import { load, loadBackbone } from './load.ts';
import { RestStub } from './rest-stub.ts';
import { eventsOf, nextStep, shapeOf } from './steps.ts';
import { collectionOf, VARIANTS, type Variant } from './variants.ts';
import { BACKBONES, LIBRARIES } from './versions.ts';

/** A page over stock sync and a server that speaks HTTP. */
function stockPage(text: string, variant: Variant) {
  const backbone = loadBackbone(text, load(LIBRARIES.Underscore ?? ''));
  const stub = new RestStub(variant);
  backbone.ajax = stub.ajax as unknown as typeof backbone.ajax;
  const tasks = collectionOf(backbone, variant);
  const refuse = (on: boolean) => {
    stub.failure = on ? 500 : undefined;
  };
  return {
    tasks,
    refuse,
    events: eventsOf(tasks),
    settle: async () => stub.answer(),
    close: async () => undefined,
  };
}

/** A page over ours, and a server of ours that counts as that one does. */
function ownPage(text: string, variant: Variant) {
  const backbone = loadBackbone(text, load(LIBRARIES.Underscore ?? ''));
  const { server, settle, close } = testMedulla(backbone, {
    ids: 'server',
    resources: { '/tasks': { public: true } },
    report(error) {
      throw error;
    },
  });
  server.use('create', 'update', 'patch', async (ctx, next) => {
    ctx.set.rev = Number(ctx.current?.rev ?? 0) + 1;
    await next();
  });
  let refused = false;
  server.use(async (_ctx, next) => {
    if (refused) throw new Refusal('Refused');
    await next();
  });
  const tasks = collectionOf(backbone, variant);
  const refuse = (on: boolean) => {
    refused = on;
  };
  return { tasks, refuse, events: eventsOf(tasks), settle, close };
}

/** Without a comparator the order of records is that in which the hub has learnt of them. */
const unordered = ({ events, models, changed }: ReturnType<typeof shapeOf>) => {
  const target = (event: string) => event.slice(event.indexOf(' '));
  return {
    events: events
      .filter((name) => !name.startsWith('sort'))
      .sort((a, b) => target(a).localeCompare(target(b))),
    models: models.sort(),
    changed: changed.sort(),
  };
};

/** A server of ours puts nothing round its lists. */
const own = Object.entries(VARIANTS).filter(([, { envelope }]) => !envelope);

/** Others for each version. */
const seedsFor = (version: string) =>
  Array.from({ length: 1 }, (_, i) => Number(version.replaceAll('.', '')) + i);

describe.each(Object.entries(BACKBONES))('with a server of ours, Backbone %s', (version, text) => {
  it.each(own)(
    '[BK-10] [BB5] tells what stock sync tells, one thing after another: %s',
    async (_name, variant) => {
      for (const seed of seedsFor(version)) {
        const random = seededRandom(seed);
        const [stock, ours] = [stockPage(text, variant), ownPage(text, variant)];
        await ours.settle();
        for (let n = 1; n <= 30; n++) {
          // With us a create that was refused stays, until somebody has decided.
          const step = nextStep(random, false);
          for (const one of [stock, ours]) {
            step(one);
            await one.settle();
          }
          const [here, there] = [ours, stock].map((one) => unordered(shapeOf(one, one.events)));
          if (JSON.stringify(here) !== JSON.stringify(there))
            expect({ seed, n, ...here }).toEqual({ seed, n, ...there });
        }
        await ours.close();
      }
    },
  );
});
