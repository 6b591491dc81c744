import type { Backbone, Sync, SyncOptions } from './backbone.ts';
import { addressOf } from './calls/address.ts';

/** Whether the call asks for stock sync by itself. */
export const optsOut = ({ ajaxSync, xhr, async }: SyncOptions) =>
  ajaxSync === true || xhr === true || async === false;

export interface InstallParts {
  readonly backbone: Backbone;
  readonly routes?: readonly string[];
  readonly page: () => string;
  readonly sync: Sync;
}

/** Puts `sync` in the place of Backbone's for the routes, and back. */
export function createInstall({ backbone, routes, page, sync }: InstallParts) {
  const covers = (path: string) =>
    !routes || routes.some((route) => `${path}/`.startsWith(`${route.replace(/\/$/, '')}/`));
  let before: Sync | undefined;
  let stock: Sync | undefined;

  const installed: Sync = (method, target, options) => {
    const bridge = (options?.medulla ?? target.medulla) as { sync: Sync } | undefined;
    if (bridge) return bridge.sync(method, target, options);
    const out = options && optsOut(options);
    if (!out && covers(addressOf(target, options ?? {}, page()).path)) return sync(method, target, options);
    return (backbone.ajaxSync as Sync)(method, target, options);
  };

  return {
    install(): void {
      if (before) return;
      before = backbone.sync;
      stock = backbone.ajaxSync;
      backbone.ajaxSync ??= before;
      backbone.sync = installed;
    },
    uninstall(): void {
      if (!before) return;
      backbone.sync = before;
      if (!stock) delete backbone.ajaxSync;
      before = undefined;
    },
  };
}
