import type { Backbone, Sync, SyncOptions } from './backbone.ts';
import { addressOf } from './calls/address.ts';
import { codedError } from './coded-error.ts';

/** Whether the call asks for stock sync by itself. */
export const optsOut = ({ ajaxSync, xhr, async }: SyncOptions) =>
  ajaxSync === true || xhr === true || async === false;

export interface InstallParts {
  readonly backbone: Backbone;
  readonly routes?: readonly string[];
  readonly page: () => string;
  readonly sync: Sync;
}

interface Bridge {
  readonly sync: Sync;
  covers(...call: Parameters<Sync>): boolean;
}

/** What stands in the place of Backbone's: for these bridges, of which the last comes first. */
type Installed = Sync & { readonly bridges?: Set<Bridge>; restore?(): void };

/** Puts `sync` in the place of Backbone's for the routes, and back. */
export function createInstall({ backbone, routes, page, sync }: InstallParts) {
  if (routes && !routes.every?.((route) => /^\//.test(route)))
    throw codedError('bad-option', "Cannot connect: each of routes begins with '/'");
  const bridge: Bridge = {
    sync,
    covers(_method, target, options = {}) {
      const { path } = addressOf(target, options, page());
      return !routes || routes.some((route) => `${path}/`.startsWith(`${route.replace(/\/$/, '')}/`));
    },
  };
  const top = (): Installed => backbone.sync;

  function replace(): Set<Bridge> {
    const { sync: before, ajaxSync } = backbone;
    const bridges = new Set<Bridge>();
    const installed: Sync = (...call) => {
      const [, target, options] = call;
      const own = (options?.medulla ?? target.medulla) as Bridge | undefined;
      const covering = () => [...bridges].reverse().find(({ covers }) => covers(...call));
      const to = own ?? (options && optsOut(options) ? undefined : covering());
      return (to?.sync ?? (backbone.ajaxSync as Sync))(...call);
    };
    backbone.ajaxSync ??= before;
    backbone.sync = Object.assign(installed, {
      bridges,
      restore() {
        backbone.sync = before;
        if (!ajaxSync) delete backbone.ajaxSync;
      },
    });
    return bridges;
  }

  return {
    install(): void {
      (top().bridges ?? replace()).add(bridge);
    },
    uninstall(): void {
      const { bridges, restore } = top();
      if (bridges?.delete(bridge) && !bridges.size) restore?.();
    },
  };
}
