import { Mismatch, parse } from '../../../src/base/shape.ts';
import { readAnswer } from '../../../src/hub/adapters/read-answer.ts';
import type { Hello, LinkListener } from '../../../src/hub/connection.ts';
import { isLive, packLive, unpackLive } from '../../../src/protocol/live.ts';
import { answers, events, type ServerEvents } from '../../../src/protocol/server-down.ts';
import type { RequestName } from '../../../src/protocol/server-up.ts';
import type { Dice } from '../../support/dice.ts';
import { HubWorld } from '../../support/hub-world.ts';
import { TOPIC } from '../../support/mutations.ts';
import type { RawTab } from '../../support/raw-tab.ts';
import { ScriptedServer } from '../../support/scripted-server.ts';
import { shapeTree } from '../frames/shape-tree.ts';
import { spoil } from '../frames/spoil.ts';
import { valid } from '../frames/valid.ts';
import type { Words } from '../frames/words.ts';
import type { Fed, Target } from '../target.ts';

const NAMES = ['push', 'follow', 'page', 'read', 'withdraw', 'message'] as const satisfies RequestName[];
const ANSWERS = Object.entries(answers).map(([name, { text }]) => [name, shapeTree(text)] as const);
const EVENTS = (['denied', 'message'] as const).map((name) => [name, shapeTree(events[name].text)] as const);
const LIVE = shapeTree(events.changes.text);

const FAULTS = ['inbox-failed', 'storage-fault', 'receipt-not-noted'];

/** What the server says: an event, or the answer to the next request of that name. */
type Frame = readonly ['event', name: string, ...args: unknown[]] | readonly ['answer', RequestName, unknown];

/** A server that says whatever it likes, by way of the adapter's own parsers. */
class LyingServer extends ScriptedServer {
  #listener: LinkListener | undefined;

  override connect(hello: Hello, listener: LinkListener) {
    this.#listener = listener;
    return super.connect(hello, listener);
  }

  /** As the adapter for Socket.IO takes it. */
  say(name: string, args: readonly unknown[]): void {
    try {
      if (isLive(name)) this.#listener?.event('changes', unpackLive(name, args));
      else if (name === 'denied' || name === 'message')
        this.#listener?.event(name, parse<ServerEvents[typeof name]>(events[name], args[0]));
    } catch (error) {
      if (!(error instanceof Mismatch)) throw error;
    }
  }

  answer(name: RequestName, value: unknown): void {
    this.on(name, () => {
      this.on(name, null);
      return readAnswer(name, value) as never;
    });
  }
}

async function open(): Promise<Fed> {
  const server = new LyingServer();
  const world = new HubWorld({ server, options: { patience: 100 } });
  const tab = await world.tab('tab1');
  tab.follow();
  await world.settle();
  const words: Words = {
    topic: [TOPIC],
    record: ['a', 'b', 1],
    'ids[]': [() => `tab1:${tab.n}`],
    id: [() => `tab1:${tab.n}`],
    cursor: [server.cursor(TOPIC)],
    epoch: [server.cursor(TOPIC).epoch],
    from: [0, 1, 2],
    to: [1, 2, 3],
    offset: [1, 2, 3],
  };
  let fed = 0;
  return {
    frame(dice): Frame {
      if (dice.chance(0.5)) {
        const [name, tree] = dice.pick(ANSWERS);
        return ['answer', name as RequestName, spoil(valid(tree, dice, words), dice)];
      }
      return eventOf(dice, words);
    },
    async feed(frame) {
      const [kind, name, ...rest] = frame as Frame;
      if (kind === 'event') server.say(name, rest);
      else {
        server.answer(name as RequestName, rest[0]);
        askFor(name as RequestName, tab);
      }
      if (++fed % 10 === 0) await world.settle();
      await null;
      return world.logged.splice(0).find((event) => FAULTS.includes(event));
    },
    async close() {
      for (const name of NAMES) server.on(name, null);
      server.drop();
      await world.clock.advance(200_000);
      const request = tab.read();
      await world.clock.advance(200_000);
      return tab.answers.has(request) ? undefined : 'a read has no answer';
    },
  };
}

function eventOf(dice: Dice, words: Words): Frame {
  if (dice.chance(0.4)) {
    const [name, tree] = dice.pick(EVENTS);
    return ['event', name, spoil(valid(tree, dice, words), dice)];
  }
  const from = dice.int(0, 3);
  const made = valid(LIVE, dice, words) as Parameters<typeof packLive>[0];
  const entries = made.entries.map(([record, , ...rest], at) => [record, from + at + 1, ...rest] as const);
  const packed = packLive({ ...made, from, to: from + entries.length, entries } as typeof made);
  const args = spoil(packed, dice);
  return ['event', TOPIC, ...(Array.isArray(args) ? args : [args])];
}

/** Has the hub ask what is to be answered. */
function askFor(name: RequestName, tab: RawTab): void {
  if (name === 'push') tab.write({ record: 'a', set: { n: tab.n } });
  else if (name === 'read') tab.read({ record: 'b', cache: 'reload' });
  else if (name === 'message') tab.post({ type: 'send', request: 1, content: 1 });
  else {
    tab.post({ type: 'release', topic: TOPIC });
    tab.follow();
  }
}

/** A hub and a tab whose server lies. */
export const hubServer: Target = { name: 'hub and server', share: 4, each: 300, open };
