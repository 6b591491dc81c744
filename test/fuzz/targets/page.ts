import { tabDown } from '../../../src/protocol/tab-down.ts';
import { settle } from '../../../src/testing/virtual-clock.ts';
import { HubDouble } from '../../client/support/hub-double.ts';
import { openPage } from '../../client/support/page.ts';
import { shapeTree } from '../frames/shape-tree.ts';
import { spoil } from '../frames/spoil.ts';
import { valid } from '../frames/valid.ts';
import type { Words } from '../frames/words.ts';
import type { Fed, Target } from '../target.ts';

const TREE = shapeTree(tabDown.text);

/** What leaves the page with its hub. */
const TOLD = ['batch', 'batch', 'welcome', 'received', 'authenticate', 'stillSignedIn', 'adopted'];

const words: Words = {
  topic: ['/tasks'],
  record: [1, 2, 'a'],
  n: [0, 1, 2],
  request: [0, 1, 2, 3],
};

/** The numbers and names of a message itself, which its hub has counted: the page takes those on trust. */
function trusted(spoilt: unknown, message: Record<string, unknown>): unknown {
  if (typeof spoilt !== 'object' || spoilt === null || Array.isArray(spoilt)) return spoilt;
  const own = Object.entries(message).filter(([, value]) => typeof value !== 'object');
  return { ...spoilt, ...Object.fromEntries(own) };
}

async function open(): Promise<Fed> {
  const hub = new HubDouble();
  const page = await openPage({}, hub);
  const tasks = new (page.backbone.Collection.extend({ url: '/tasks', follow: true }))();
  tasks.fetch();
  await settle();
  hub.rows([[1, 5, { n: 1 }]]);
  await settle();
  // From here on it hears without a word, and says what is fed.
  hub.silent = true;
  let fed = 0;
  return {
    frame(dice) {
      for (;;) {
        const message = valid(TREE, dice, words) as Record<string, unknown>;
        if (TOLD.includes(String(message.type)))
          return trusted(spoil(structuredClone(message), dice), message);
      }
    },
    async feed(frame) {
      hub.sayAnything(frame);
      if (++fed % 20 === 0) tasks.add({ id: fed }).save({ title: 'x' });
      if (fed % 10 === 0) await settle();
      await null;
      // What it cannot make anything of it may report: it trusts its hub, which is of the same origin and the same build.
      page.reported.length = 0;
      return undefined;
    },
    close() {
      const odd = tasks.find(
        (model: { attributes: object }) => Object.getPrototypeOf(model.attributes) !== Object.prototype,
      );
      return odd ? 'the attributes of a model are of another kind' : undefined;
    },
  };
}

/** A page whose hub says whatever it likes. */
export const page: Target = { name: 'page', share: 3, each: 200, open };
