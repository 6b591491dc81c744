import type { LinkEnd } from '../../src/hub/connection.ts';
import type { Wire, WireCall, WireChange, WireLink } from '../../src/hub/dialects/wire.ts';
import type { Topic } from '../../src/protocol/ids.ts';
import { HELLO } from '../adapters/link-recorder.ts';
import { deferred } from '../support/deferred.ts';

/** A wire's link, and all that its listener has heard. */
export interface RecordedWire {
  readonly link: WireLink;
  readonly changes: WireChange[];
  readonly messages: (readonly [type: string, content: unknown])[];
  readonly closed: Promise<LinkEnd>;
  call(call: Partial<WireCall> & Pick<WireCall, 'method'>): Promise<unknown>;
  /** Resolves with the next change, or the next message that is none. */
  next(what: 'changes' | 'messages'): Promise<unknown>;
}

export const TASKS = '/tasks' as Topic;

/** All that there is, with nothing said beside. */
export const READ: WireCall = {
  method: 'read',
  topic: TASKS,
  record: null,
  attrs: null,
  was: null,
  idAttribute: 'id',
  query: null,
  options: {},
  key: null,
};

/** Resolves once the link is open. */
export async function openWire(wire: Wire): Promise<RecordedWire> {
  const opened = deferred<void>();
  const closed = deferred<LinkEnd>();
  const nexts = { changes: deferred<unknown>(), messages: deferred<unknown>() };
  const changes: WireChange[] = [];
  const messages: (readonly [string, unknown])[] = [];
  function tell<T>(what: 'changes' | 'messages', list: T[], one: T): void {
    list.push(one);
    nexts[what].resolve(one);
    nexts[what] = deferred<unknown>();
  }
  const link = wire.connect(HELLO, {
    opened: () => opened.resolve(),
    closed: closed.resolve,
    changed: (change) => tell('changes', changes, change),
    stale: () => undefined,
    message: (type, content) => tell('messages', messages, [type, content] as const),
  });
  await Promise.race([
    opened.promise,
    closed.promise.then((end) => Promise.reject(new Error(JSON.stringify(end)))),
  ]);
  return {
    link,
    changes,
    messages,
    closed: closed.promise,
    call: async (call) => (await link.call({ ...READ, ...call })).content,
    next: (what) => nexts[what].promise,
  };
}
