import type { Backbone, Sync, SyncOptions } from './backbone.ts';
import { addressOf } from './calls/address.ts';
import { codedError } from './coded-error.ts';

/** Whether the call asks for stock sync by itself. */
export const optsOut = ({ ajaxSync, xhr, async }: SyncOptions) =>
  ajaxSync === true || xhr === true || async === false;

export interface Bridge {
  readonly sync: Sync;
  /** Whether the call goes over this one, where it does not say so itself. */
  covers(...call: Parameters<Sync>): boolean;
}

export interface RoutesParts {
  readonly routes?: readonly string[];
  readonly page: () => string;
}

/** What stands in the place of Backbone's: for these bridges, of which the last comes first. */
type Installed = Sync & { readonly bridges?: Set<Bridge>; restore?(): void };

/** Covers the routes, each with its subpaths; without any, all urls. */
export function coverRoutes({ routes, page }: RoutesParts): Bridge['covers'] {
  if (routes && !routes.every?.((route) => /^\//.test(route)))
    throw codedError('bad-option', "Cannot connect: each of routes begins with '/'");
  return (_method, target, options = {}) => {
    const { path } = addressOf(target, options, page());
    return !routes || routes.some((route) => `${path}/`.startsWith(`${route.replace(/\/$/, '')}/`));
  };
}

/** Puts the bridge in the place of Backbone's sync for what it covers, and back. */
export function createInstall(backbone: Backbone, bridge: Bridge) {
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
