import type { Clock } from '../base/clock.ts';
import type { Random } from '../base/random.ts';

/** How a server lets its clients go. Times are milliseconds. */
export interface CloseOptions {
  /**
   * How long it may take. Connections are let go evenly over the first four fifths, so that the other nodes get them bit
   * by bit; what is under way at the end is cut off. Without it all are let go at once, and what is under way is waited
   * for.
   */
  readonly within?: number | undefined;
  /** For how long those who are let go stay away: until the next process is there, where there is no other node. 0 by default. */
  readonly after?: number | undefined;
  /** Over how long they come back after that. By default so that 500 come a second. */
  readonly spread?: number | undefined;
}

/** Whom a server lets go. */
export interface Leaving {
  /** Tells the client to stay away for so long, finishes what is under way, and hangs up. Resolves then; idempotent. */
  leave(after: number): Promise<void>;
}

/** Milliseconds between two of the bits. */
const STEP = 50;
/** The default of `spread`, for each client. */
const EACH = 2;

/** Lets all sessions go. Resolves once they are gone, or the time is over; `sessions` is what is left at any moment. */
export async function drain(
  sessions: ReadonlySet<Leaving>,
  { clock, random }: { readonly clock: Clock; readonly random: Random },
  { within, after = 0, spread }: CloseOptions,
): Promise<void> {
  const all = [...sessions];
  const span = (within ?? 0) * 0.8;
  const back = spread ?? Math.max(0, all.length * EACH - span);
  const steps = Math.max(1, Math.ceil(span / STEP));
  const going: Promise<void>[] = [];
  const end = within === undefined ? new Promise<void>(() => undefined) : wait(clock, within);
  for (let step = 0; step < steps && sessions.size > 0; step++) {
    if (step > 0) await wait(clock, STEP);
    const upTo = (at: number) => Math.ceil((all.length * at) / steps);
    const bit = all.slice(upTo(step), upTo(step + 1));
    for (const session of bit) going.push(session.leave(Math.round(after + random.next() * back)));
  }
  await Promise.race([Promise.all(going), end]);
}

const wait = (clock: Clock, ms: number) => new Promise<void>((resolve) => void clock.after(ms, resolve));
