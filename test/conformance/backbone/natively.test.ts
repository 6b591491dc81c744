import type Backbone from 'backbone';
import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../src/testing/seeded-random.ts';
import { Refusal, testMedulla } from '../../../src/testing.ts';
import { load, loadBackbone } from './load.ts';
import { RestStub } from './rest-stub.ts';
import { eventsOf, nextStep, shapeOf } from './steps.ts';
import { BACKBONES, LIBRARIES } from './versions.ts';

const collectionOf = (backbone: typeof Backbone): Backbone.Collection =>
  new (backbone.Collection.extend({ url: '/tasks' }))();

/** A page over stock sync and a server that speaks HTTP. */
function stockPage(text: string) {
  const backbone = loadBackbone(text, load(LIBRARIES.Underscore ?? ''));
  const stub = new RestStub();
  backbone.ajax = stub.ajax as unknown as typeof backbone.ajax;
  const tasks = collectionOf(backbone);
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
function ownPage(text: string) {
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
  const tasks = collectionOf(backbone);
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

describe.each(Object.entries(BACKBONES))('with a server of ours, Backbone %s', (_version, text) => {
  it('[BK-10] [BB5] tells what stock sync tells, whatever is done one after the other', async () => {
    for (let seed = 1; seed <= 6; seed++) {
      const random = seededRandom(seed);
      const [stock, ours] = [stockPage(text), ownPage(text)];
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
  });
});
