import { backoff } from '../base/backoff.ts';
import type { Cancel } from '../base/clock.ts';
import type { Boot } from '../protocol/ids.ts';
import type { Port } from '../protocol/port.ts';
import { ACKNOWLEDGED, tabLock } from '../protocol/tab-terms.ts';
import type { TabUp, Write } from '../protocol/tab-up.ts';
import { PROTOCOL, RELEASE } from '../protocol/version.ts';
import { isTabDown } from './is-tab-down.ts';
import { migrated } from './models/migrated.ts';
import type { SessionParts } from './session-parts.ts';

/** One attachment to one hub, from hello to its end. */
interface Line {
  readonly port: Port;
  posted: number;
  received: number;
  boot?: Boot;
  /** Stops the watch over the acknowledgements, and over the hub's lock. */
  alarm?: Cancel | undefined;
  unwatch?: Cancel;
}

export type Session = ReturnType<typeof createSession>;

/**
 * The tab's standing conversation with whichever hub is current.
 *
 *   away ──open──▶ joining ──port──▶ attached ──not acknowledged, lock free, deposed──▶ joining …
 *    ▲                                  │
 *    └───────────── hide ───────────────┘
 *
 * It keeps nothing: what the next hub has to know is asked of `replay`.
 */
export function createSession(parts: SessionParts) {
  const { id, host, locks, clock, random, log, each, deadline = 5000, recordVersion = 0 } = parts;
  let line: Line | undefined;
  let away = true;
  let visible = true;
  let attempt = 0;
  let last: Boot | null = null;
  /** Whether any hub has told it anything. */
  let served = false;
  /** The tab's lock: held, or waited for, also by an attempt to join that came to nothing since. */
  let lock: Promise<Cancel> | undefined;
  /** The writes of this turn. */
  const waiting: Write[] = [];
  /** What the user decided while there was no hub to hear it. */
  const decided: TabUp[] = [];
  /** How often within a minute another hub took the place of its own. */
  let deposed = 0;
  /** Counts attempts to join: an answer to an earlier one is too late. */
  let joining = 0;

  /** Writes of one turn go in one message: what that carries costs far less than what a message does. */
  function flush(): void {
    if (waiting.length) send({ type: 'writes', writes: waiting.splice(0) });
  }

  function post(message: TabUp): void {
    flush();
    send(message);
  }

  function send(message: TabUp): void {
    if (line) {
      log('debug', 'sent', { message: message.type === 'token' ? { ...message, token: '…' } : message });
      line.port.post(message);
      line.posted += 1;
      line.alarm ??= clock.after(line.received ? deadline : deadline * 2, suspect);
    } else if (message.type === 'decide') decided.push(message);
  }

  /** Not acknowledged in time: one ping more, since the two sides' timers may have been asleep. */
  function suspect(): void {
    const suspected = line;
    if (!suspected) return;
    const { received } = suspected;
    suspected.alarm = () => undefined;
    post({ type: 'ping' });
    suspected.alarm = clock.after(deadline * 0.4, () => {
      if (line === suspected && suspected.received === received) lost('hub-silent');
    });
  }

  function acknowledged(to: Line, count: number): void {
    to.received = count;
    to.alarm?.();
    to.alarm = count < to.posted ? clock.after(deadline, suspect) : undefined;
  }

  function lost(reason: string, failed?: string): void {
    // A host that failed is followed by another, which says why.
    if (failed === undefined) log('warn', reason, { boot: line?.boot });
    const dead = line?.boot ?? ('' as Boot);
    drop();
    join(dead, failed);
  }

  function drop(): void {
    line?.alarm?.();
    line?.unwatch?.();
    line?.port.close();
    line = undefined;
  }

  function letGo(): void {
    lock?.then(
      (release) => release(),
      () => undefined,
    );
    lock = undefined;
  }

  async function join(dead: Boot | null, failed?: string): Promise<void> {
    const mine = ++joining;
    try {
      lock ??= locks.hold(tabLock(id));
      await lock;
      const port = await host.join(dead, failed);
      if (mine !== joining) return port.close();
      attempt = 0;
      const attached: Line = { port, posted: 0, received: 0 };
      line = attached;
      port.listen((message) => line === attached && hear(attached, message));
      waiting.length = 0; // they are among what is handed over again
      post({
        type: 'hello',
        tab: id,
        protocol: PROTOCOL,
        release: RELEASE,
        boot: last,
        n: parts.n,
        recordVersion,
        ...(served && { served }),
        ...(parts.adopt && { adopt: true }),
        ...parts.names(),
      });
      if (!visible) post({ type: 'visible', visible });
      for (const message of [...parts.replay(last !== null), ...decided.splice(0)]) post(message);
    } catch (error) {
      if (mine !== joining) return;
      letGo();
      each([error], parts.failed);
      clock.after(
        backoff(attempt++, { base: 1000, cap: 30_000 }, random),
        () => mine === joining && join(dead, failed),
      );
    }
  }

  async function authenticate(from: Line, request: number): Promise<void> {
    let token: string | null | undefined;
    try {
      token = await parts.auth?.();
    } catch (error) {
      log('error', 'auth-failed', { error });
    }
    const { keepToken: keep } = parts;
    if (line === from) post({ type: 'token', request, token: token ?? null, ...(keep && { keep }) });
  }

  function hear(from: Line, message: unknown): void {
    log('debug', 'heard', { message });
    const down = isTabDown(message) ? message : undefined;
    switch (down?.type) {
      case 'welcome':
        // A cache answered for the worker's script: what this page says is not for such a hub.
        if (down.protocol < PROTOCOL) {
          lost('', 'it is outdated');
          break;
        }
        from.boot = down.boot;
        from.unwatch = host.watch(down.lock, () => line === from && lost('hub-gone'));
        each([last !== null], (again) => parts.welcomed(down, again));
        last = down.boot;
        break;
      case 'received':
        acknowledged(from, down.count);
        break;
      case 'batch':
        served = true;
        each([down], parts.batch);
        if (line === from && down.batch % ACKNOWLEDGED === 0) post({ type: 'ack', batch: down.batch });
        break;
      case 'authenticate':
        authenticate(from, down.request);
        break;
      case 'migrate':
        post({ type: 'migrated', request: down.request, pieces: migrated(down.pieces, parts) });
        break;
      case 'adopted':
      case 'stillSignedIn':
      case 'signedOut':
        each([down], parts.told);
        break;
      case 'deposed':
        clock.after(60_000, () => deposed--);
        // Two kinds of host that take the database from one another would do so for ever.
        if (deposed++ < 5) lost('hub-deposed');
        else {
          drop();
          const mine = joining;
          clock.after(30_000, () => mine === joining && join(last));
        }
        break;
      case 'failed':
        lost('hub-failed', down.message);
        break;
      default:
        log('warn', 'bad-message', { message });
    }
  }

  return {
    post,
    /** Hands a write over at the end of this turn, or before the next message. */
    write(write: Write): void {
      if (waiting.push(write) === 1) queueMicrotask(flush);
    },
    open(): void {
      if (!away) return;
      away = false;
      join(null);
    },
    /** Whether anybody can see the page. */
    see(now: boolean): void {
      visible = now;
      post({ type: 'visible', visible });
    },
    /** Lets the hub and the lock go, so that nothing keeps this page from being put to sleep. */
    hide(): void {
      if (away) return;
      away = true;
      joining += 1;
      post({ type: 'goodbye' });
      drop();
      letGo();
    },
  };
}
