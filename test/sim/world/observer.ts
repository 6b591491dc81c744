import type { Op, Opened, OutboxRow } from '../../../src/hub/storage.ts';
import type { MutationId, TabId, UserId } from '../../../src/protocol/ids.ts';
import type { Mutation } from '../../../src/protocol/mutation.ts';
import type { Receipt } from '../../../src/protocol/receipt.ts';
import type { Batch } from '../../../src/protocol/tab-down.ts';
import type { StoreOutcome, StoreWrite } from '../../../src/server/store.ts';
import type { HubRun } from './device.ts';
import type { SimTab } from './sim-tab.ts';
import type { World } from './world.ts';

/** What a node sends to a connection of this user's. */
export interface Sending {
  readonly node: string;
  readonly user: UserId;
  /** The event's, or that of the request that it answers. */
  readonly name: string;
  readonly request?: unknown;
  /** When it was asked for; of what was not: since when the node knows what may be seen. */
  readonly since: number;
}

/** What the world lets its observers see, each at the instant at which it happens. */
export interface Observer {
  /** A write arrives at a hub. */
  handed?(hub: HubRun, mutation: Mutation): void;
  /** A user decided about a write; `superseded`: by writing the record again. */
  decided?(hub: HubRun, id: MutationId, decision: 'retry' | 'discard' | 'abort' | 'superseded'): void;
  /** A hub posts a batch to a tab. */
  told?(hub: HubRun, tab: TabId, batch: Batch): void;
  /** A batch of its hub's is about to be applied by a tab. */
  showing?(tab: SimTab): void;
  /** A hub took a disk over. */
  opened?(hub: HubRun, opened: Opened): void;
  /** A row left a disk's outbox, or another mutation took its place. */
  left?(hub: HubRun, row: OutboxRow): void;
  /** A transaction took place on a disk. */
  committed?(hub: HubRun, ops: readonly Op[]): void;
  /** A hub was told by its disk that another has taken over. */
  deposed?(hub: HubRun): void;
  /** A request of a hub arrived at the server / an answer at the hub. */
  requested?(hub: HubRun, name: string, request: unknown): void;
  answered?(hub: HubRun, name: string, request: unknown, answer: unknown): void;
  /** A node sends it. */
  sent?(sending: Sending, message: unknown): void;
  /** What the server told unasked arrived at a hub. */
  heard?(hub: HubRun, name: string, message: unknown): void;
  /** The server's store carried out a transaction. */
  stored?(writes: readonly StoreWrite[], outcomes: readonly StoreOutcome[]): void;
  /** It was refused outside of any transaction: what its store holds of it. */
  refused?(receipts: readonly Receipt[]): void;
  /** The server's store holds this final word. */
  receipt?(receipt: Receipt): void;
  /** The server has another database, and knows of nothing any more. */
  emptied?(): void;
  /** Some time has passed: a moment to look at everything. */
  passed?(world: World): void;
}

/** Calls the same hook of all of them. */
export function observers(list: readonly Observer[]): Required<Observer> {
  const all =
    <K extends keyof Observer>(name: K) =>
    (...args: Parameters<Required<Observer>[K]>) => {
      for (const observer of list)
        (observer[name] as ((...a: typeof args) => void) | undefined)?.call(observer, ...args);
    };
  return {
    handed: all('handed'),
    decided: all('decided'),
    told: all('told'),
    showing: all('showing'),
    opened: all('opened'),
    left: all('left'),
    committed: all('committed'),
    deposed: all('deposed'),
    requested: all('requested'),
    answered: all('answered'),
    sent: all('sent'),
    heard: all('heard'),
    stored: all('stored'),
    refused: all('refused'),
    receipt: all('receipt'),
    emptied: all('emptied'),
    passed: all('passed'),
  };
}
