import type { UserId } from '../../protocol/ids.ts';
import type { TabDown } from '../../protocol/tab-down.ts';
import type { SignOut } from '../../protocol/tab-up.ts';
import type { Collection, Model } from '../backbone.ts';
import { isCollection } from '../calls/address.ts';
import { type Failure, failure } from '../calls/request.ts';
import type { Writes } from '../calls/writes.ts';
import { codedError } from '../coded-error.ts';
import { createSession } from '../session.ts';
import { createOwners } from './owners.ts';
import { part, type Tenure } from './part.ts';
import { askUser, type UserName, type UserOption, userIdOf } from './user-option.ts';
import type { UsersParts } from './users-parts.ts';

export interface SignInOptions {
  /** The writes that nobody in particular left in this browser become this user's. */
  readonly adopt?: boolean;
}
export interface SignOutOptions {
  /** What becomes of the writes that have no receipt; 'flush'. */
  readonly outbox?: SignOut['outbox'];
  /** Milliseconds that 'flush' may take; 10000. */
  readonly timeout?: number;
}

type Told = Extract<TabDown, { type: 'adopted' | 'stillSignedIn' | 'signedOut' }>;
interface Waiting {
  resolve(): void;
  reject(error: Error): void;
}
export type Users = ReturnType<typeof createUsers>;

/**
 * Whom this tab speaks for. Each user has a hub, and a database, of their own; the tab has a session with one of them.
 *
 *   asking ──known──▶ in ──signIn──▶ in (another's) ──signOut──▶ out ──signIn──▶ in …
 *     └── nobody can be told ─────────────────────────────────────▲
 */
export function createUsers(parts: UsersParts) {
  const { status, clock, log, remembered, patience = 3000, writes, reads, following } = parts;
  const owners = createOwners();
  let tenure: Tenure | undefined;
  /** Why nobody is in. */
  let out: Failure | undefined;
  let entered: Promise<void> = Promise.resolve();
  let entering: Waiting | undefined;
  const leaving: (Waiting & { readonly message: SignOut })[] = [];
  let visible = true;
  let awake = true;
  /** Counts changes: what was asked for before one is answered too late. */
  let turn = 0;
  let asking = 0;

  /** From now on all is this user's, also what waited to be told whose it is. */
  function enter(user: UserId, adopt = false, parted?: Promise<void>): Promise<void> {
    const mine = ++turn;
    const host = parts.hostOf(user);
    const own: Tenure['parts'] = Object.assign(Object.create(parts), { host, adopt });
    const session = createSession(own);
    const begin = () => mine === turn && awake && !parts.closed && session.open();
    tenure = { parts: own, session };
    out = undefined;
    parts.user = user;
    parts.session = session;
    owners.known(user);
    for (const { wire } of writes.open.values()) Object.assign(wire.mutation, { user });
    remembered?.set(user || null);
    status.set({ ...FRESH, user, host: host.kind, hostReason: host.reason });
    entered = new Promise((resolve, reject) => {
      entering = { resolve, reject };
    });
    entered.catch(() => undefined); // nobody has to be interested
    if (!visible) session.see(visible);
    if (parted) parted.then(begin);
    else begin();
    return entered;
  }

  /** Ends all that this tab has of its user: nothing of it stays where it is shown. Returns what was not queued yet. */
  function clear(why: Failure): ReturnType<Writes['leave']> {
    const rest = writes.leave(why);
    reads.fail(why);
    const targets = new Set([...following.targets()].map(([, target]) => target));
    for (const target of targets) following.release(target);
    const collections = [...targets].filter((target): target is Collection => isCollection(target));
    parts.each(collections, (all) => all.remove([...all.models], { remote: true }));
    parts.outbox.rejoined();
    parts.aliases.forget();
    return rest;
  }

  /** Nobody will answer what was asked about users. */
  function giveUp({ code, message }: Failure) {
    const error = codedError(code, message);
    entering?.reject(error);
    for (const { reject } of leaving.splice(0)) reject(error);
  }

  /** Ends the tenure. */
  function leave(why: Failure): Tenure & { readonly rest: ReturnType<typeof clear> } {
    const left = { ...(tenure as Tenure), rest: clear(why) };
    turn += 1;
    owners.left();
    tenure = undefined;
    parts.session = undefined;
    parts.user = null;
    giveUp(why);
    return left;
  }

  function nobody(message: string) {
    out = failure('no-user', message, { status: 401 });
    const { code: reason } = out;
    status.set({ ...FRESH, connection: 'closed', reason, message, user: null });
  }

  function known(user: UserId) {
    if (asking !== turn) return;
    if (tenure) signIn(user);
    else enter(user);
  }

  function failed(error: unknown) {
    if (asking !== turn || tenure) return;
    log('warn', 'user-failed', { error });
    if (takeLast()) return;
    nobody(`Cannot tell whose this is: user failed with ${String(error)}, and nobody is remembered`);
    clear(out as Failure);
  }

  /** Whoever was here last, until it is known who is now. */
  function takeLast(): boolean {
    const last = remembered?.get() ?? null;
    if (last === null) return false;
    enter(last as UserId);
    asking = turn;
    return true;
  }

  /** Without a network the answer may never come. */
  function watch() {
    clock.after(patience, () => {
      if (asking === turn && !tenure && (remembered?.online !== false || !takeLast())) watch();
    });
  }

  function signIn(name: UserName, { adopt = false }: SignInOptions = {}): Promise<void> {
    let user: UserId;
    try {
      user = userIdOf(name);
    } catch (error) {
      return Promise.reject(error);
    }
    if (parts.closed) return Promise.reject(codedError('abort', 'Medulla is closed'));
    if (tenure && user === parts.user) return entered;
    const left = tenure && leave(failure('abort', `Another user signed in: '${user}'`));
    const done = enter(user, adopt, left && part(left, left.rest, parts));
    parts.trigger('signin', user);
    return done;
  }

  function signedOut() {
    const { user } = parts;
    if (!tenure || user === null) return;
    const asked = leaving.splice(0);
    leave(failure('abort', 'The user signed out')).session.hide();
    if (remembered?.get() === user) remembered.set(null);
    nobody('Nobody is signed in: call signIn');
    for (const { resolve } of asked) resolve();
    parts.trigger('signout', user);
  }

  return {
    start(option: UserOption) {
      const user = askUser(option, known, failed);
      if (user !== undefined) enter(user);
      else watch();
    },
    signIn,
    async signOut({ outbox = 'flush', timeout = 10_000 }: SignOutOptions = {}): Promise<void> {
      if (!tenure) throw codedError('no-user', 'Cannot sign out: nobody is signed in');
      if (!/^(flush|keep|discard)$/.test(outbox))
        throw codedError('bad-option', `Cannot sign out: outbox is '${outbox}'`);
      const message: SignOut = { type: 'signOut', outbox, timeout };
      return new Promise((resolve, reject) => {
        leaving.push({ resolve, reject, message });
        parts.post(message);
      });
    },
    /** What another hub has to be told. */
    replay: () => leaving.map(({ message }) => message),
    told(down: Told) {
      if (down.type === 'signedOut') signedOut();
      else if (down.type === 'stillSignedIn') {
        const { message, left } = down;
        for (const { reject } of leaving.splice(0))
          reject(codedError('unsent', message, { left, status: 409 }));
      } else {
        if (tenure) tenure.parts.adopt = false;
        if (down.failed) entering?.reject(codedError(down.failed.code, down.failed.message));
        else entering?.resolve();
      }
    },
    welcomed() {
      if (!tenure?.parts.adopt) entering?.resolve();
    },
    giveUp,
    /** Why nobody is in. */
    get out() {
      return out;
    },
    /** Where the tab's hub comes from. */
    get host() {
      return tenure?.parts.host;
    },
    /** Why the call cannot be made now. */
    problem: (method: string, target: Model | Collection): Failure | undefined =>
      out ?? owners.problem(method, target),
    hide() {
      awake = false;
      tenure?.session.hide();
    },
    show() {
      awake = true;
      tenure?.session.open();
    },
    see(now: boolean) {
      visible = now;
      tenure?.session.see(now);
    },
  };
}

/** Of a status, what another hub says otherwise. */
const FRESH = { connection: 'connecting', reason: null, message: null, pending: 0, rejected: 0 };
