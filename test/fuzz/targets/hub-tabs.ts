import { tabUp } from '../../../src/protocol/tab-up.ts';
import { portPair } from '../../../src/testing/port-pair.ts';
import type { Dice } from '../../support/dice.ts';
import { HubWorld } from '../../support/hub-world.ts';
import { TOPIC, USER } from '../../support/mutations.ts';
import { RawTab } from '../../support/raw-tab.ts';
import { shapeTree } from '../frames/shape-tree.ts';
import { spoil } from '../frames/spoil.ts';
import { valid } from '../frames/valid.ts';
import type { Words } from '../frames/words.ts';
import type { Fed, Target } from '../target.ts';

const TREE = shapeTree(tabUp.text);

/** What no message of a tab may lead to: a hub that fails where it did not foresee it. */
const FAULTS = ['inbox-failed', 'storage-fault', 'migration-failed', 'receipt-not-noted'];

function words(): Words {
  let n = 0;
  const id = (dice: Dice) =>
    dice.chance(0.7) ? `bad:${++n}` : dice.pick(['bad:1', 'bad:0', 'good:1', 'bad:x']);
  return {
    tab: ['bad'],
    id: [id],
    user: [USER, USER, USER, 'bob'],
    topic: [TOPIC, TOPIC, '/notes', '/tasks/~0194d5a0-0000-7000-8000-000000000001'],
    record: ['a', 'b', 1, '~0194d5a0-0000-7000-8000-000000000001', '.'],
    base: [null, 0, 1, 'previous'],
    boot: [null],
    protocol: [2],
    // A user who leaves, or takes the line away, ends what is to be tried.
    outbox: ['keep', 'flush'],
    open: [true],
    items: [[], [{ mutation: {} }]],
  };
}

async function open(): Promise<Fed> {
  const world = new HubWorld({ options: { patience: 100 } });
  const good = await world.tab('good');
  good.follow();
  const said = words();
  const [near, far] = portPair();
  const bad = new RawTab('bad', near);
  world.hub.attach(far);
  bad.hello();
  await world.settle();
  let fed = 0;
  return {
    frame: (dice) => spoil(valid(TREE, dice, said), dice),
    async feed(frame) {
      bad.port.post(frame);
      if (++fed % 10 === 0) bad.hello();
      if (fed % 25 === 0) await world.settle();
      await null;
      bad.messages.length = bad.batches.length = 0;
      return world.logged.splice(0).find((event) => FAULTS.includes(event));
    },
    async close() {
      await world.clock.advance(40_000);
      if (good.messages.some(({ type }) => type === 'signedOut')) return undefined;
      good.post({ type: 'line', open: true });
      good.write({ record: 'good', method: 'create', set: { title: 'Good' } });
      const request = good.read();
      await world.clock.advance(120_000);
      if (!good.story(1).includes('settled applied')) return `another tab's write is ${good.story(1)}`;
      return good.answers.has(request) ? undefined : "another tab's read has no answer";
    },
  };
}

/** A tab that says to its hub whatever it likes, beside one that goes on working. */
export const hubTabs: Target = { name: 'hub and tabs', share: 6, each: 500, open };
