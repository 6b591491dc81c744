import { type MutationId, type RecordKey, recordKey, type Topic } from '../../../src/protocol/ids.ts';
import type { Mutation } from '../../../src/protocol/mutation.ts';
import type { Sent } from '../../../src/protocol/server-up.ts';
import type { Device } from '../world/device.ts';
import type { Observer } from '../world/observer.ts';
import { hardness, isPoison } from '../world/poison-titles.ts';
import { toldUnder } from '../world/rights.ts';
import type { World } from '../world/world.ts';
import { describe, type Ledger } from './ledger.ts';

/** How long a write, or a change, may be on its way while nothing but poison is in its way, in virtual milliseconds. */
export const UNHINDERED = 90_000;

/**
 * P9: while a write that the server keeps failing waits on a disk, the other lanes' writes of that disk get the server's
 * word in bounded time, and changes arrive there. Time counts while everything else works.
 */
export function noBlockade(ledger: Ledger): Observer {
  const tried = new Set<MutationId>();
  /** Since when each of a device's writes, and each topic's changes, wait unhindered. */
  const since = new Map<Device, Map<string, number>>();
  const waiting = (device: Device) => [...device.disk.rows.outbox.values()].filter(({ receipt }) => !receipt);
  const poisoned = (device: Device) =>
    waiting(device).filter(({ mutation }) => isPoison(mutation) && tried.has(mutation.id));

  /** What has to wait for these: the rest of their lanes, and what names a record that one of them creates. */
  function hindered(device: Device): Set<Mutation> {
    const kept = [...device.disk.rows.outbox.values()].map(({ mutation }) => mutation);
    // A batch that is not to be queued is on no disk, and stands in its lanes all the same.
    const others = [...ledger.writes.values()].filter(
      (fact) => fact.device === device.name && fact.mutation.batch && !fact.receipt,
    );
    const all = [...kept, ...others.map(({ mutation }) => mutation)];
    const found = new Set(all.filter((mutation) => isPoison(mutation) || hardness(mutation.set.title) > 0));
    for (let size = 0; size < found.size; ) {
      size = found.size;
      for (const mutation of all)
        if (
          [...found].some(
            (other) => isLane(other, mutation) || areOne(other, mutation) || names(mutation, other),
          )
        )
          found.add(mutation);
    }
    return found;
  }

  function look(world: World, device: Device): void {
    const now = world.clock.now();
    const before = since.get(device) ?? new Map<string, number>();
    since.set(device, new Map());
    if (poisoned(device).length === 0 || !isUnhindered(world, device)) return;
    const apart = hindered(device);
    const watch = (what: string, text: () => string) => {
      const start = before.get(what) ?? now;
      since.get(device)?.set(what, start);
      if (now - start > UNHINDERED) ledger.check('P9', false, text);
    };
    for (const { mutation } of waiting(device))
      if (!apart.has(mutation))
        watch(mutation.id, () => `${device.name} does not get past its poison: ${describe(mutation)}`);
    for (const { topic, cursor } of device.disk.rows.topics.values()) {
      const head = ledger.history.get(topic)?.at(-1)?.offset ?? 0;
      if (toldUnder(cursor.epoch).life !== ledger.epoch || cursor.offset < head)
        watch(`${topic}@${head}`, () => `${device.name} with its poison does not get to ${topic}@${head}`);
    }
  }

  return {
    requested(_hub, name, request) {
      if (name !== 'push') return;
      for (const { mutation } of (request as { mutations: readonly Sent[] }).mutations)
        if (isPoison(mutation)) tried.add(mutation.id);
    },
    answered(hub, name, _request, answer) {
      const poison = name === 'push' ? poisoned(hub.device) : [];
      if (poison.length === 0) return;
      for (const { ids, type } of (answer as { receipts: { ids: readonly MutationId[]; type: string }[] })
        .receipts)
        for (const id of ids)
          if (type === 'applied' && !poison.some(({ mutation }) => mutation.id === id))
            ledger.checked.P9 += 1;
    },
    committed(hub, ops) {
      if (!ops.some((op) => op.type === 'putTopic')) return;
      if (poisoned(hub.device).length > 0) ledger.checked.P9 += 1;
    },
    passed(world) {
      for (const device of world.devices) look(world, device);
    },
  };
}

function isUnhindered(world: World, device: Device): boolean {
  const { network, faults } = world;
  return (
    device.current?.process.running === true &&
    network.servers.some(({ process }) => process.running) &&
    network.reach(device.name) === 'good' &&
    network.loseAnswers === 0 &&
    faults.disk === 0 &&
    faults.application === 0 &&
    !faults.unauthorized &&
    network.linksOf(device.name).every((link) => !link.isMute) &&
    world.tabs.some((tab) => tab.device === device && tab.process.running)
  );
}

const isLane = (a: Mutation, b: Mutation) => a.topic === b.topic && keyOf(a) === keyOf(b);
const areOne = (a: Mutation, b: Mutation) => a.batch !== undefined && a.batch.id === b.batch?.id;
const keyOf = ({ record }: Mutation): RecordKey => recordKey(record);

/** Whether one may name the record of another, as one that is to be created. */
function names({ topic, set }: Mutation, { method, record }: Mutation): boolean {
  if (method !== 'create') return false;
  const values: unknown[] = [...(topic as Topic).split('/'), ...Object.values(set)];
  return values.some((value) => String(value) === String(record));
}
