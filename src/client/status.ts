import type { Log } from '../base/log.ts';
import type { Status } from '../protocol/tab-down.ts';
import type { Backbone, Hash, Model } from './backbone.ts';
import { codedError } from './coded-error.ts';

/** What `medulla.status` holds. */
export interface StatusAttributes extends Omit<Status, 'user'> {
  /** Null: it is not known yet, or nobody is signed in. */
  readonly user: string | null;
  /** Null: nobody is known whose hub it could be. */
  readonly host: string | null;
  readonly hostReason: string | null;
  /** This page is of an older release than the hub, speaks an older protocol than the server, or knows older records: a reload is due. Its writes are still taken. */
  readonly stale: boolean;
  /** Whether the browser has agreed to keep what is queued; missing = it has not been asked. */
  readonly persisted?: boolean;
}

export function createStatus({ Model }: Backbone): Model {
  return new Model({
    connection: 'connecting',
    pending: 0,
    rejected: 0,
    durable: true,
    user: null,
    host: null,
    hostReason: null,
    stale: false,
  });
}

/** Whether waiting for the server makes no sense now. The first attempt to connect is worth waiting for. */
export function isOffline({ attributes }: { readonly attributes: Hash }): boolean {
  const { connection, reason } = attributes;
  return connection !== 'open' && (connection !== 'connecting' || Boolean(reason));
}

/**
 * Resolves when the status first says that the line is open, rejects when it first says that it cannot be. Where the
 * server refuses, that is logged, once as long as it is for the same reason.
 */
export function firstConnection(status: Model, log: Log): Promise<void> {
  let told: unknown;
  const first = new Promise<void>((resolve, reject) => {
    status.on('change', () => {
      const { connection, reason, message, hostReason } = status.attributes as unknown as StatusAttributes;
      if (connection === 'open') resolve();
      else if (connection !== 'connecting')
        reject(codedError(reason ?? 'no-hub', message ?? hostReason ?? String(reason)));
      if (connection === 'paused' && told !== reason) {
        told = reason;
        log('warn', String(reason), { message });
      }
    });
  });
  first.catch(() => undefined); // nobody has to be interested
  return first;
}
