import { type RecordKey, recordKey, type TabId, type Topic } from '../../../src/protocol/ids.ts';
import type { HubRun } from '../world/device.ts';
import type { Observer } from '../world/observer.ts';
import type { Ledger } from './ledger.ts';

/** What one hub shows one tab of a record never goes back: not behind what it showed before, nor behind a write that it called applied. */
export function noFlicker(ledger: Ledger): Observer {
  const shown = new Map<HubRun, Map<string, number>>();
  let lives = 0;
  let isOver = false;
  const of = (hub: HubRun) => {
    const versions = shown.get(hub) ?? new Map<string, number>();
    shown.set(hub, versions);
    return versions;
  };
  const name = (tab: TabId, topic: Topic, key: RecordKey) => `${tab} ${topic}/${key}`;
  return {
    // What is held of a database that is gone says nothing of the next one's.
    emptied() {
      isOver = lives++ > 0;
    },
    told(hub, tab, { settlements, values }) {
      if (isOver) return;
      const versions = of(hub);
      for (const settlement of settlements) {
        if (settlement.type !== 'settled' || !('offset' in settlement.receipt)) continue;
        const fact = ledger.writes.get(settlement.receipt.ids[0] ?? ('' as never));
        if (!fact || fact.before) continue;
        const { topic, record, method } = fact.mutation;
        const what = name(tab, topic, recordKey(record));
        const { offset } = settlement.receipt;
        if (method !== 'delete') versions.set(what, Math.max(versions.get(what) ?? 0, offset));
      }
      for (const { topic, record, version, attrs, only } of values) {
        // It says of some attributes only how they are for sure.
        if (only) continue;
        const what = name(tab, topic, recordKey(record));
        const before = versions.get(what) ?? 0;
        if (attrs === null) versions.delete(what);
        if (attrs === null || version === 0) continue;
        versions.set(what, version);
        ledger.check(
          'flicker',
          version >= before,
          () => `${hub.name} shows ${what}@${version} ${JSON.stringify(attrs)} after @${before}`,
        );
      }
    },
  };
}
