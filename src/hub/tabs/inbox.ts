import { unreachable } from '../../base/assert.ts';
import type { Clock } from '../../base/clock.ts';
import type { Log } from '../../base/log.ts';
import { fits, Mismatch, parse } from '../../base/shape.ts';
import { attributes } from '../../protocol/attributes.ts';
import type { ErrorCode } from '../../protocol/errors.ts';
import { type MutationId, mutationId, mutationNumber } from '../../protocol/ids.ts';
import type { Port } from '../../protocol/port.ts';
import { type TabUp, tabUp, type Write, write } from '../../protocol/tab-up.ts';
import type { Tab } from './tab.ts';

type Hello = Extract<TabUp, { type: 'hello' }>;

/** What a tab may ask of the hub, message by message. */
export interface InboxListener {
  hello(port: Port, hello: Hello): Tab;
  goodbye(tab: Tab): void;
  writes(tab: Tab, message: Extract<TabUp, { type: 'writes' }>): void;
  /** A write that cannot be taken; `n` null = the tab cannot even be told which. */
  badWrite(tab: Tab, n: number | null, code: ErrorCode, problem: string): void;
  /** A read that cannot be taken. */
  badRead(tab: Tab, request: number, code: ErrorCode, problem: string): void;
  read(tab: Tab, message: Extract<TabUp, { type: 'read' }>): void;
  follow(tab: Tab, message: Extract<TabUp, { type: 'follow' }>): void;
  release(tab: Tab, message: Extract<TabUp, { type: 'release' }>): void;
  decide(message: Extract<TabUp, { type: 'decide' }>): void;
  abort(id: MutationId): void;
  ask(tab: Tab, message: Extract<TabUp, { type: 'signOut' | 'export' | 'import' | 'send' }>): void;
  line(open: boolean): void;
  watch(tab: Tab): void;
  visible(tab: Tab, visible: boolean): void;
  token(message: Extract<TabUp, { type: 'token' }>): void;
  migrated(tab: Tab, message: Extract<TabUp, { type: 'migrated' }>): void;
  /** Calls `act` with the message, or with what becomes of it, once it is its turn. */
  pass<M extends TabUp>(message: M, act: (message: M) => void): void;
}

export interface InboxParts {
  readonly clock: Clock;
  readonly log: Log;
}

/** What shows a tab records, or changes them, and what is about all that was handed over before it. */
const IN_TURN: ReadonlySet<string> = new Set<TabUp['type']>([
  'writes',
  'read',
  'follow',
  'release',
  'decide',
  'abort',
  'watch',
  'signOut',
  'export',
  'import',
]);

/** Milliseconds. A tab's deadline is seconds, and a message back for each message would cost as much as what it does. */
const SOON = 50;

/**
 * Hears one port. Every message is counted and the count is sent back soon: it says that the hub lives, and it is the
 * only thing that a tab sets a deadline on. What does not parse is dropped and logged.
 */
export function openInbox(port: Port, listener: InboxListener, { clock, log }: InboxParts): void {
  let tab: Tab | null = null;
  let count = 0;
  let scheduled = false;
  const acknowledge = () => {
    scheduled = false;
    port.post({ type: 'received', count });
  };
  port.listen((unknown) => {
    count++;
    if (!scheduled) {
      scheduled = true;
      clock.after(SOON, acknowledge);
    }
    guarded(tab, unknown, () => {
      const message = parse(tabUp, unknown);
      if (message.type === 'hello') tab = listener.hello(port, message);
      else if (tab && IN_TURN.has(message.type)) {
        const from = tab;
        listener.pass(message, (now) => guarded(from, now, () => dispatch(from, now, listener)));
      } else if (tab) tab = dispatch(tab, message, listener);
      else log('warn', 'no-hello', { type: message.type });
    });
  });

  function guarded(from: Tab | null, message: unknown, act: () => void): void {
    try {
      act();
    } catch (error) {
      log('error', error instanceof Mismatch ? 'bad-message' : 'inbox-failed', { from: from?.id, error });
      if (from && error instanceof Mismatch) salvage(from, message, error.message, listener);
    }
  }
}

/** What waits for an answer to a message that does not parse gets one. */
function salvage(tab: Tab, unknown: unknown, problem: string, listener: InboxListener): void {
  const { type, writes, request, query } = (unknown ?? {}) as Record<string, unknown>;
  if (Array.isArray(writes)) takeWrites(tab, writes, listener, false);
  else if (type === 'read' && typeof request === 'number')
    listener.badRead(tab, request, codeOf(query), problem);
}

const codeOf = (attrs: unknown): ErrorCode =>
  attrs === undefined || fits(attributes, attrs) ? 'bad-message' : 'bad-attribute';

function dispatch(tab: Tab, message: Exclude<TabUp, Hello>, listener: InboxListener): Tab | null {
  switch (message.type) {
    case 'writes':
      takeWrites(tab, message.writes, listener, true);
      return tab;
    case 'read':
      listener.read(tab, message);
      return tab;
    case 'follow':
      listener.follow(tab, message);
      return tab;
    case 'release':
      listener.release(tab, message);
      return tab;
    case 'decide':
      listener.decide(message);
      return tab;
    case 'abort':
      listener.abort(message.id);
      return tab;
    case 'signOut':
    case 'export':
    case 'import':
    case 'send':
      listener.ask(tab, message);
      return tab;
    case 'line':
      listener.line(message.open);
      return tab;
    case 'watch':
      listener.watch(tab);
      return tab;
    case 'visible':
      listener.visible(tab, message.visible);
      return tab;
    case 'token':
      listener.token(message);
      return tab;
    case 'migrated':
      listener.migrated(tab, message);
      return tab;
    case 'ack':
      tab.acknowledge(message.batch);
      return tab;
    case 'ping':
      return tab;
    case 'goodbye':
      listener.goodbye(tab);
      return null;
    default:
      return unreachable(message);
  }
}

/** One write that does not parse, or is not the tab's own, keeps none of the others: it alone is answered with what is wrong. */
function takeWrites(tab: Tab, writes: readonly unknown[], listener: InboxListener, isParsed: boolean): void {
  const good: Write[] = [];
  for (const one of writes) {
    const { id, set } = (one as { mutation?: { id?: unknown; set?: unknown } } | null)?.mutation ?? {};
    const n = typeof id === 'string' ? mutationNumber(id as MutationId) : 0;
    const isOwn = Number.isSafeInteger(n) && n > 0 && id === mutationId(tab.id, n);
    const problem = isOwn
      ? undefined
      : `write.mutation.id is not one of ${tab.id}'s: current value is ${typeof id === 'string' ? id : typeof id}`;
    const wrong = problem ?? (isParsed ? undefined : write.problem(one, 'write'));
    if (!wrong) good.push(one as Write);
    else listener.badWrite(tab, isOwn ? n : null, codeOf(set), wrong);
    if (isOwn) tab.n = Math.max(tab.n, n);
  }
  if (good.length > 0) listener.writes(tab, { type: 'writes', writes: good });
}
