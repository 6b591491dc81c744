import type { Device, HubRun } from '../world/device.ts';
import type { Observer } from '../world/observer.ts';
import type { Ledger } from './ledger.ts';

/** P8: once a hub has taken a disk over, no other writes there; one that was told so sends and settles nothing more. */
export function oneCommitter(ledger: Ledger): Observer {
  const owners = new Map<Device, HubRun>();
  const deposed = new Set<HubRun>();
  return {
    opened: (hub) => void owners.set(hub.device, hub),
    committed(hub) {
      // Where there was no other, it is not put to the test.
      if (hub.device.hubs.length === 1) return;
      const owner = owners.get(hub.device);
      ledger.check('P8', owner === hub, () => `${hub.name} committed after ${owner?.name} took over`);
    },
    deposed(hub) {
      deposed.add(hub);
      ledger.checked.P8 += 1;
    },
    told(hub, tab, { settlements }) {
      if (deposed.has(hub))
        ledger.check(
          'P8',
          settlements.length === 0,
          () => `${hub.name}, deposed, settles ${JSON.stringify(settlements)} for ${tab}`,
        );
    },
  };
}
