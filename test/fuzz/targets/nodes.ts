import { Mismatch } from '../../../src/base/shape.ts';
import { liveChanges } from '../../../src/protocol/change.ts';
import type { Mark, Topic } from '../../../src/protocol/ids.ts';
import { packLive } from '../../../src/protocol/live.ts';
import type { Answers, ServerEvents } from '../../../src/protocol/server-down.ts';
import { RECHECKS } from '../../../src/server/admission/rechecks.ts';
import { parseRuns } from '../../../src/server/publish/run.ts';
import { memoryStore } from '../../../src/server/stores/memory-store.ts';
import { VirtualClock } from '../../../src/testing/virtual-clock.ts';
import { twoNodes } from '../../server/support/fake-broker.ts';
import { handshake } from '../../server/support/fake-peer.ts';
import type { Dice } from '../../support/dice.ts';
import { conforms } from '../frames/conforms.ts';
import { shapeTree } from '../frames/shape-tree.ts';
import { spoil } from '../frames/spoil.ts';
import { valid } from '../frames/valid.ts';
import type { Words } from '../frames/words.ts';
import type { Fed, Target } from '../target.ts';

const TREE = shapeTree(liveChanges.text);
/** All of one is seen by everybody, of the other each sees something else. */
const FOLLOWED = ['/tasks', '/filtered'] as Topic[];
const TOPICS: readonly Topic[] = [...FOLLOWED, ...FOLLOWED, RECHECKS, '/nobody' as Topic];
const RECHECKED = ['["n","ann",null]', '["n",null,"/tasks"]', '["n",null,null]', '[]'];
const LAG = 8_000;

/** How far a topic is. */
type Place = readonly [offset: number, mark: Mark];

/** A node with a follower, and what other nodes tell it. Where all are once it stops, the store says. */
async function open(dice: Dice): Promise<Fed> {
  const clock = new VirtualClock();
  const store = memoryStore({ random: dice.random });
  const wrong: string[] = [];
  const log = (level: string, event: string, details?: { readonly error?: unknown }) => {
    const { error } = details ?? {};
    const isMeant = error instanceof Mismatch || (event === 'bad-message' && error instanceof SyntaxError);
    if ((error && !isMeant) || (level === 'error' && event !== 'store-restored'))
      wrong.push(`${event} ${error instanceof Error ? error.stack : String(error)}`);
  };
  const world = await twoNodes(store, clock, { log });
  for (const node of [world.here, world.there])
    node.resource('/filtered', { public: true, filter: ({ title }) => title !== 'some text' });
  const told = new Map<Topic, Place>();
  const stored = new Map<Topic, Place>();
  const session = await world.there.connect({
    handshake: handshake('ann'),
    send(name, event) {
      const { topic } = event as ServerEvents['denied'];
      if (name === 'denied') told.delete(topic);
      if (name !== 'changes') return;
      // As it is told over a wire.
      const changes = event as ServerEvents['changes'];
      packLive(changes);
      told.set(topic, [changes.to, changes.mark]);
    },
  });
  const follow = async (topic: Topic) => {
    const asked = { topics: [{ topic, cursor: null, live: true }] };
    const [answer] = ((await session.handle('follow', asked)) as Answers['follow']).topics;
    if (answer?.type !== 'snapshot') throw new Error(`${topic} is ${answer?.type}`);
    told.set(topic, [answer.cursor.offset, answer.cursor.mark]);
  };

  /** What another node really did arrives as well. Who follows has all of it then, or was told to ask. */
  async function settled(): Promise<string | undefined> {
    for (const topic of FOLLOWED) {
      await world.here.publish(topic, { record: 'a', set: { title: dice.pick(['some text', 'b']) } });
      await clock.advance(dice.pick([0, 20, LAG]));
    }
    await clock.advance(LAG);
    for (const topic of FOLLOWED) {
      if (!told.has(topic)) await follow(topic);
      const head = await store.head(topic);
      const place: Place = [head.offset, head.mark];
      stored.set(topic, place);
      const was = told.get(topic);
      if (String(was) !== String(place)) return `${topic} is at ${place}, and was told at ${was}`;
    }
    return wrong.splice(0)[0];
  }

  for (const topic of FOLLOWED) await follow(topic);
  await settled();
  let fed = 0;
  return {
    frame: (own) => frame(own, stored),
    feed(message) {
      try {
        if (!conforms({ type: 'list', item: TREE }, parseRuns(message))) return 'took what is none';
      } catch (error) {
        if (!(error instanceof Mismatch)) throw error;
      }
      world.broker.say(message);
      return ++fed % 20 === 0 ? settled() : wrong.splice(0)[0];
    },
    async close() {
      const problem = await settled();
      await Promise.all([world.here.close(), world.there.close()]);
      return problem;
    },
  };
}

/** Mostly none. */
const odd = (dice: Dice) => (dice.chance(0.9) ? 0 : dice.pick([1, -1, 0.5, 1_000, 2 ** 31, 2 ** 53, -1e308]));

/** Runs that go on from where topics are, or nearly. */
function frame(dice: Dice, stored: ReadonlyMap<Topic, Place>): unknown {
  const runs = Array.from({ length: dice.pick([1, 1, 2, 3]) }, () => {
    const topic = dice.pick(TOPICS);
    const [offset, mark] = stored.get(topic) ?? [0, ''];
    const from = offset + dice.pick([0, 0, 0, 0, 1, 2, -1, 0.5, 1_000, 1e308]);
    const words: Words = { topic: [topic], mark: [mark, 'abcdef'] };
    const made = valid(TREE, dice, words) as { entries: unknown[][] };
    const entries = made.entries.map(([record, , ...rest], at) => {
      const named = topic === RECHECKS ? dice.pick(RECHECKED) : record;
      return [named, from + at + 1 + odd(dice), ...rest];
    });
    const images = () => entries.map(() => dice.pick([null, [null], [{ title: 'x' }], [{}, null]]));
    return {
      ...made,
      ...{ from, to: from + entries.length + odd(dice), entries },
      ...(dice.chance(0.5) && { since: dice.pick([mark, 'abcdef']) }),
      ...(dice.chance(0.2) && { silent: dice.chance(0.8) }),
      ...(dice.chance(0.5) && { images: images() }),
    };
  });
  return dice.chance(0.3) ? runs : spoil(runs, dice);
}

/** What nodes tell each other. */
export const nodes: Target = { name: 'nodes', share: 2, each: 1_000, open };
