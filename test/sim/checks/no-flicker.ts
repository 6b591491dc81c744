import { equalJson } from '../../../src/base/json.ts';
import type { Attributes } from '../../../src/protocol/attributes.ts';
import { type RecordKey, recordKey, type TabId, type Topic } from '../../../src/protocol/ids.ts';
import { edited, touched } from '../../../src/protocol/laying.ts';
import type { Value } from '../../../src/protocol/tab-down.ts';
import type { HubRun } from '../world/device.ts';
import type { Observer } from '../world/observer.ts';
import type { Ledger } from './ledger.ts';

/** What a tab was shown of a record last, and the newest that it ever was. */
interface Last {
  readonly version: number;
  readonly attrs: Attributes;
}

/** What one hub shows one tab of a record never goes back: not behind what it showed before, nor behind a write that it called applied. */
export function noFlicker(ledger: Ledger): Observer {
  const shown = new Map<HubRun, Map<string, Last>>();
  let lives = 0;
  let isOver = false;
  const of = (hub: HubRun) => {
    const versions = shown.get(hub) ?? new Map<string, Last>();
    shown.set(hub, versions);
    return versions;
  };
  const name = (tab: TabId, topic: Topic, key: RecordKey) => `${tab} ${topic}/${key}`;
  /**
   * What nobody follows any more is of the version that the hub knows all up to, with the effects of our own after that.
   * Then each attribute is as it was shown last, as it is at the newest, or as a write that is on its way from here has it.
   */
  const isAsNew = (
    { device }: HubRun,
    { topic, record, attrs, state }: Value,
    { version, attrs: last }: Last,
  ) => {
    const newest = ledger.at(topic, version).get(recordKey(record))?.attrs ?? {};
    const written = [...ledger.writes.values()].filter(
      ({ device: its, mutation, receipt }) =>
        its === device.name &&
        ledger.named(mutation) === ledger.named({ topic, record }) &&
        !(receipt && 'offset' in receipt && receipt.offset <= version),
    );
    const onTop = state === 'clean' ? [] : written.map(({ mutation }) => mutation);
    return Object.keys({ ...last, ...newest, ...attrs }).every((each) => {
      const sets = onTop.filter((mutation) => touched(mutation).includes(each)).map(({ set }) => set);
      return [last, newest, ...sets].some((from) => equalJson(from[each], attrs?.[each]));
    });
  };
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
        const { topic, record, method, set, unset } = fact.mutation;
        const what = name(tab, topic, recordKey(record));
        const { offset, set: made = {}, unset: unmade = [] } = settlement.receipt;
        const { version = 0, attrs = {} } = versions.get(what) ?? {};
        const after = edited(edited(attrs, set, unset), made, unmade);
        if (method !== 'delete') versions.set(what, { version: Math.max(version, offset), attrs: after });
      }
      for (const value of values) {
        const { topic, record, version, attrs, only } = value;
        // It says of some attributes only how they are for sure.
        if (only) continue;
        const what = name(tab, topic, recordKey(record));
        const before = versions.get(what);
        if (attrs === null) versions.delete(what);
        if (attrs === null || version === 0) continue;
        const isBehind = before !== undefined && version < before.version;
        const holds = !isBehind || isAsNew(hub, value, before);
        versions.set(what, { version: isBehind && holds ? before.version : version, attrs });
        ledger.check(
          'flicker',
          holds,
          () => `${hub.name} shows ${what}@${version} ${JSON.stringify(attrs)} after @${before?.version}`,
        );
      }
    },
  };
}
