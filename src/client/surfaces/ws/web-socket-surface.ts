import type { Cancel, Clock } from '../../../base/clock.ts';
import { silentLog } from '../../../base/log.ts';
import type { Events, Hash, Model } from '../../backbone.ts';
import type { Medulla } from '../../medulla.ts';
import { firstConnection } from '../../status.ts';
import { type Bindable, Bindings, type EventMap } from './bindings.ts';
import { type Expectation, Expectations, type Expected } from './expectation.ts';
import { watchLine } from './watch-line.ts';

type Route = string | ((event: string, content: unknown) => string);

/** The options of Backbone.WS, in so far as they are not `connect`'s. */
export interface WebSocketOptions {
  /** What the names of events begin with, before a colon; 'medulla'. Empty or null: nothing. */
  readonly prefix?: string | null | false;
  /** What becomes of the names of messages with a type, `<prefix>:message:<type>`: the exact one first, then '*'. */
  readonly routes?: Readonly<Record<string, Route>>;
  /** What is bound at once. */
  readonly resources?: readonly (
    | object
    | readonly [resource: object, events?: EventMap]
    | { readonly resource: object; readonly events?: EventMap }
  )[];
  /** What a resource's own method to send by is called; 'send'. */
  readonly sendAttribute?: string;
  /** Whether what is bound is saved and fetched over Medulla, also where it is not installed; false. */
  readonly sync?: boolean;
  /** False: with the last resource that is unbound it is closed, after `linger` milliseconds. */
  readonly keepOpen?: boolean;
  readonly linger?: number;
  /** False: once the connection is lost it stays so, in all tabs, until `reconnect`. */
  readonly reopen?: boolean;
  /** Milliseconds until the next attempt at the latest; without it the wait grows, and is drawn by chance. */
  readonly reopenTimeout?: number;
  /** So many attempts in a row; then 'noretries' is triggered and it stays closed until `reconnect`. Infinity. */
  readonly retries?: number;
  /** What `expect` goes by where it is told nothing else; any message. */
  readonly expect?: Expected;
  /** For how long; 7. */
  readonly expectSeconds?: number;
}

/** What Backbone.WS adds to a Medulla. */
export interface WebSocketSurface {
  /**
   * The resource hears of the connection and its messages: without `events` of all, as events of its own of the same names.
   * Where it has a url it is followed too. It gets a method to send by.
   */
  bind(resource: object, events?: EventMap): this;
  /** One that is not bound is left alone. */
  unbind(resource: object): this;
  readonly resources: readonly object[];
  /** Waits for a message. True, or nothing: as the option `expect` says. */
  expect(expected?: Expected | true, seconds?: number): Expectation;
  /** Resolves with this at the first connection since it was made or opened; rejects at the first failure. */
  readonly ready: Promise<this>;
  /** Unbinds all, and closes. */
  destroy(): this;
}

/** Puts Backbone.WS's ways on a Medulla, and returns it. */
export function webSocketSurface<M extends Medulla>(
  medulla: M,
  options: WebSocketOptions,
  clock: Clock,
): Omit<M, 'bind' | 'unbind' | 'ready'> & WebSocketSurface {
  const { prefix = 'medulla', routes = {}, keepOpen = true, linger = 0, expectSeconds = 7 } = options;
  const { reopen = true, retries = Number.POSITIVE_INFINITY, reopenTimeout } = options;
  const before = prefix ? `${prefix}:` : '';
  const { open, trigger } = medulla;
  const expectations = new Expectations(clock);
  let leaving: Cancel | undefined;
  let ready: Promise<unknown> = medulla.ready.then(() => medulla);
  ready.catch(() => undefined); // nobody has to be interested

  /** Tells of it here, and on what is bound to everything. */
  function tell(event: string, ...args: unknown[]): void {
    trigger.call(medulla, event, ...args);
    bindings.tell(event, args);
  }
  function heard(type: string, content: unknown): void {
    const named = type || undefined;
    expectations.hear(content, named);
    const base = `${before}message`;
    if (named) {
      const event = `${base}:${type}`;
      const route = routes[event] ?? routes['*'] ?? event;
      tell(typeof route === 'function' ? route(event, content) : route, content);
    }
    tell(base, content, named);
  }

  const bindings = new Bindings({
    medulla,
    follow: medulla.follow,
    release: medulla.release,
    sendAttribute: options.sendAttribute ?? 'send',
    sync: options.sync ?? false,
  });
  const watch = () =>
    watchLine({
      medulla,
      clock,
      reopen,
      retries,
      reopenTimeout,
      tell: (event, ...args) => tell(`${before}${event}`, ...args),
    });
  let unwatch = watch();
  // Without a prefix its 'message' has Medulla's own name: that gives way.
  if (before) (medulla as Events).on('message', heard);
  else
    Object.assign(medulla, {
      trigger(event: string, ...args: unknown[]) {
        if (event === 'message') heard(args[0] as string, args[1]);
        else trigger.call(medulla, event, ...args);
        return medulla;
      },
    });

  const surface = {
    bind(resource: Bindable, events?: EventMap) {
      leaving?.();
      leaving = undefined;
      bindings.bind(resource, events);
      return medulla;
    },
    unbind(resource: Bindable) {
      const last = bindings.unbind(resource) && bindings.resources.length === 0;
      if (last && !keepOpen) leaving = clock.after(linger, () => medulla.close());
      return medulla;
    },
    expect: (expected: Expected | true = true, seconds = expectSeconds) =>
      expectations.add(expected === true ? (options.expect ?? null) : expected, seconds),
    open() {
      unwatch();
      unwatch = watch();
      open();
      const first = firstConnection(medulla.status as unknown as Model, silentLog);
      ready = (medulla.isOpen ? Promise.resolve() : first).then(() => medulla);
      ready.catch(() => undefined);
      return medulla;
    },
    destroy() {
      for (const resource of bindings.resources) bindings.unbind(resource as Bindable);
      unwatch();
      expectations.end();
      medulla.close();
      return medulla;
    },
  };
  Object.assign(medulla, surface);
  Object.defineProperties(medulla, {
    ready: { get: () => ready, configurable: true },
    resources: { get: () => bindings.resources, configurable: true },
  });
  for (const one of options.resources ?? []) {
    const pair: readonly unknown[] = Array.isArray(one) ? one : [];
    const { resource = pair[0] ?? one, events = pair[1] } = one as Hash;
    surface.bind(resource as Bindable, events as EventMap | undefined);
  }
  return medulla as unknown as Omit<M, 'bind' | 'unbind' | 'ready'> & WebSocketSurface;
}
