import {
  anything,
  either,
  flag,
  list,
  messages,
  nothing,
  number,
  type Of,
  object,
  oneOf,
  optional,
  text,
} from '../base/shape.ts';
import { alias } from './aliases/alias.ts';
import { attributes } from './attributes.ts';
import { snapshot } from './change.ts';
import type { Boot, MutationId, TabId, Topic } from './ids.ts';
import { addressee } from './messages/addressee.ts';
import { mutation, recordId } from './mutation.ts';

/**
 * A write as a tab hands it over. `repeated`: another hub may have had it. `wait`: no 202. `queue` false: never into
 * the outbox: without a connection it is answered `unreachable` at once.
 */
export const write = object({
  mutation,
  repeated: optional(flag),
  wait: optional(flag),
  queue: optional(flag),
});
export type Write = Of<typeof write>;

/** Tab → hub. The hub counts what arrives on a port and says so soon (`received`). */
export const tabUp = messages({
  /**
   * First on every port. `boot` is the hub that this tab was attached to before, `n` its last mutation's number,
   * `recordVersion` the application's number for the shape of the records that it knows; 0 where it has none.
   * `temporaries` are the records that wait for their id here: it may have come while the tab was away. `aliases` are
   * those that it was told last: a hub may have died with them.
   */
  hello: {
    tab: text<TabId>(),
    protocol: number,
    /** Of the package; a page that is older than the hub is stale. */
    release: optional(number),
    boot: either(text<Boot>(), nothing),
    n: number,
    recordVersion: optional(number),
    temporaries: optional(list(text())),
    aliases: optional(list(alias)),
    /** Some hub has told it how its user's things stand: it has not just been told whose it is. */
    served: optional(flag),
    /** The writes that nobody in particular left in this browser are this user's from now on. */
    adopt: optional(flag),
  },
  /** Writes in the tab's order. */
  writes: { writes: list(write) },
  /**
   * `request` numbers the tab's reads. Without `record`: the whole topic. `pending`: of a query's topic all records with writes
   * on their way are wanted as well, since the tab itself knows which belong. `options`: what the call said beside Backbone's own.
   */
  read: {
    request: number,
    topic: text<Topic>(),
    record: optional(recordId),
    query: optional(attributes),
    pending: optional(flag),
    options: optional(attributes),
    cache: oneOf('network', 'first', 'only', 'reload'),
  },
  /** A tab follows a topic once; the hub counts tabs. `snapshot`: what the page came with, from the server. */
  follow: { topic: text<Topic>(), snapshot: optional(snapshot) },
  release: { topic: text<Topic>() },
  /** What the user decided about a mutation in the outbox; `edit` is laid on what it set. */
  decide: { id: text<MutationId>(), decision: oneOf('retry', 'discard'), edit: optional(attributes) },
  /** Takes back a write that was not sent; one that was sent stands. */
  abort: { id: text<MutationId>() },
  /**
   * The user leaves this browser. `flush`: once the outbox is empty, within `timeout` milliseconds, or not at all.
   * `keep`: what it holds stays, sealed. `discard`: nothing stays.
   */
  signOut: { outbox: oneOf('flush', 'keep', 'discard'), timeout: number },
  /** All that is in the outbox is wanted, to be kept elsewhere. */
  export: { request: number },
  /** What was exported is to be in the outbox, all of it or nothing. */
  import: { request: number, items: anything },
  /** A message that is no change. It waits for a connection, in memory. */
  send: { request: number, content: anything, to: optional(addressee) },
  /** Whether the hub is to keep a connection: the user's own switch. */
  line: { open: flag },
  /** From now on the outbox's mutations are wanted in the batches. */
  watch: {},
  /** Whether anybody can see it, which is taken for granted: a hidden tab is told a little later what others do. */
  visible: { visible: flag },
  /** The answer to `authenticate`. `keep`: it may be kept in the database, for when no tab is there to be asked. */
  token: { request: number, token: either(text(), nothing), keep: optional(flag) },
  /** The answer to `migrate`: for each piece its attributes in the tab's own shape, or, as text, why there are none. */
  migrated: { request: number, pieces: list(anything) },
  /** The batches up to this number are applied. */
  ack: { batch: number },
  /** Does nothing but be received. */
  ping: {},
  goodbye: {},
});
export type TabUp = Of<typeof tabUp>;
export type ReadRequest = Extract<TabUp, { type: 'read' }>;
export type SignOut = Extract<TabUp, { type: 'signOut' }>;
export type Decision = Extract<TabUp, { type: 'decide' }>;
