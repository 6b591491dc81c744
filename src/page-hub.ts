/** The door that is only opened where there is no SharedWorker: the other kinds of host, and the hub in this page. */
import type { Log } from './base/log.ts';
import type { Host } from './client/host.ts';
import { otherHost, type Wanted } from './client/hosts/other-host.ts';
import { browserHub } from './hub/adapters/browser-hub.ts';

/** Milliseconds: its tabs have waited for the hub before already. */
const AFTER_SILENT = 750;

/** The host that was asked for, or the next best. */
export function pageHub(wanted: Wanted, log: Log): Promise<Host> {
  return otherHost(wanted, log, (configuration, before) =>
    browserHub(configuration, {
      locks: navigator.locks,
      log,
      taken: before === 'taken',
      options: before === 'silent' ? { opening: AFTER_SILENT } : {},
      dialects: async () => (await import('./dialects.ts')).makeDialect,
    }),
  );
}
