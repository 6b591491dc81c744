import type { Log } from '../../base/log.ts';
import { type BackboneLike, backboneOf, type Sync } from '../../client/backbone.ts';
import { addressOf } from '../../client/calls/address.ts';
import { createMedulla, type Medulla } from '../../client/create-medulla.ts';
import { coverRoutes, createInstall, optsOut } from '../../client/install.ts';
import { seededRandom } from '../seeded-random.ts';
import { VirtualClock } from '../virtual-clock.ts';
import { AjaxCall } from './ajax-call.ts';
import { AjaxPort } from './ajax-port.ts';

export interface AjaxMedullaParts {
  readonly log: Log;
  readonly report: (error: unknown) => void;
  readonly page: () => string;
}

/** A Medulla over an {@link AjaxPort}, attached to it. No timer is used: time is Backbone.ajax's own affair. */
export async function ajaxMedulla<B extends BackboneLike>(
  given: B,
  { log, report, page }: AjaxMedullaParts,
): Promise<Medulla<B>> {
  const backbone = backboneOf(given);
  const port = new AjaxPort(backbone.ajaxSync ?? backbone.sync);
  const medulla = createMedulla(given, {
    host: { kind: 'page', reason: null, join: async () => port, watch: () => () => undefined },
    locks: { hold: async () => () => undefined },
    clock: new VirtualClock(),
    random: seededRandom(1),
    ids: 'server',
    log,
    report,
    page,
  });
  const { sync: own } = medulla;
  /** Any message takes the writes of this turn with it. */
  const flush = () => medulla.reconnect();

  const sync: Sync = (method, target, options = {}) => {
    flush(); // what has been handed over until now belongs to the call around this one
    if (optsOut(options) || !addressOf(target, options, page()).ours) return own(method, target, options);
    const call = new AjaxCall(method, target, options);
    port.during(call, () => {
      call.run(own);
      flush();
    });
    return call.request;
  };
  const { install, uninstall } = createInstall(backbone, { sync, covers: coverRoutes({ page }) });
  const chained = (act: () => void) => () => {
    act();
    return medulla;
  };
  Object.assign(medulla, { sync, install: chained(install), uninstall: chained(uninstall) });
  await medulla.ready;
  return medulla;
}
