import type { Clock } from '../../../src/base/clock.ts';
import type { Port } from '../../../src/protocol/port.ts';
import type { Dice } from '../../support/dice.ts';
import type { Process } from './process.ts';

export interface LineTap {
  /** A message arrives at the hub / was posted by it; called before it is delivered, with a copy. */
  up(message: unknown): void;
  down(message: unknown): void;
  /** A message arrives at the tab. */
  heard(message: unknown): void;
  /** What is delivered to the hub, or posted by it, in its place, where something is broken on purpose. */
  readonly broken?: ((message: unknown) => unknown) | undefined;
  /** By so many versions the tab's page is ahead of the hub's worker. */
  readonly ahead: number;
  readonly brokenDown?: ((message: unknown) => unknown) | undefined;
}

interface LineParts {
  readonly clock: Clock;
  readonly dice: Dice;
  readonly tab: Process;
  readonly hub: Process;
  readonly tap: LineTap;
}

/** A MessagePort pair between a tab and a hub: cloned, in order, a little late; into a dead process nothing arrives, and nobody is told. */
export function line({ clock, dice, tab, hub, tap }: LineParts): { readonly tab: Port; readonly hub: Port } {
  const up = oneWay(clock, dice, hub, tap.up, tap.broken);
  const down = oneWay(clock, dice, tab, tap.heard, undefined);
  const post =
    (way: OneWay, from: Process, said: (message: unknown) => void, broken: LineTap['broken']) =>
    (message: unknown) => {
      const whole = asOf(from === tab ? tap.ahead : -tap.ahead, structuredClone(message));
      const copy = broken ? broken(whole) : whole;
      if (from.dead) return;
      said(copy);
      way.send(copy);
    };
  return {
    tab: { post: post(up, tab, () => undefined, undefined), listen: down.listen, close: () => down.close() },
    hub: { post: post(down, hub, tap.down, tap.brokenDown), listen: up.listen, close: () => up.close() },
  };
}

/** What a page or a worker says of itself to one of another build, in whose code there are other numbers. */
function asOf(ahead: number, message: unknown): unknown {
  const said = message as { readonly type: string; readonly protocol: number; readonly release?: number };
  if (said.type !== 'hello' && said.type !== 'welcome') return said;
  const release = said.release !== undefined && { release: said.release + ahead };
  return { ...said, protocol: said.protocol + ahead, ...release };
}

interface OneWay {
  send(message: unknown): void;
  listen(fn: (message: unknown) => void): void;
  close(): void;
}

function oneWay(
  clock: Clock,
  dice: Dice,
  to: Process,
  arrived: (message: unknown) => void,
  broken: LineTap['broken'],
): OneWay {
  let listener: ((message: unknown) => void) | undefined;
  let waiting: unknown[] = [];
  let closed = false;
  let last = 0;
  const deliver = (message: unknown) => {
    if (closed) return;
    if (!listener) {
      waiting.push(message);
      return;
    }
    const what = broken ? broken(message) : message;
    arrived(what);
    listener(what);
  };
  return {
    send(message) {
      // Rarely a long task keeps the other side from its messages.
      const delay = dice.chance(0.03) ? dice.int(10, 400) : dice.int(0, 2);
      last = Math.max(last, clock.now() + delay);
      clock.after(last - clock.now(), () => to.enter(() => deliver(message)));
    },
    listen(fn) {
      listener = fn;
      for (const message of waiting.splice(0)) deliver(message);
    },
    close() {
      closed = true;
      waiting = [];
    },
  };
}
