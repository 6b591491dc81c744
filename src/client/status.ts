import type { Status } from '../protocol/tab-down.ts';
import type { Backbone, Hash, Model } from './backbone.ts';
import type { Host } from './host.ts';

/** What `medulla.status` holds. */
export interface StatusAttributes extends Status {
  readonly host: string;
  readonly hostReason: string | null;
  /** This page speaks an older protocol than the hub: a reload is due. Its writes are still taken. */
  readonly stale: boolean;
}

export function createStatus({ Model }: Backbone, user: string, { kind, reason }: Host): Model {
  return new Model({
    connection: 'connecting',
    reason: null,
    pending: 0,
    rejected: 0,
    durable: true,
    durableReason: null,
    user,
    lastSyncedAt: null,
    host: kind,
    hostReason: reason,
    stale: false,
  });
}

/** Whether waiting for the server makes no sense now. The first attempt to connect is worth waiting for. */
export function isOffline({ attributes }: { readonly attributes: Hash }): boolean {
  const { connection, reason } = attributes;
  return connection !== 'open' && !(connection === 'connecting' && reason === null);
}

/** Resolves when the status first says that the line is open, rejects when it first says that it cannot be. */
export function firstConnection(status: Model): Promise<void> {
  const first = new Promise<void>((resolve, reject) => {
    status.on('change', () => {
      const { connection, reason, hostReason } = status.attributes;
      if (connection === 'open') resolve();
      else if (connection !== 'connecting')
        reject(new Error(`No connection: ${reason ?? hostReason ?? connection}`));
    });
  });
  first.catch(() => undefined); // nobody has to be interested
  return first;
}
