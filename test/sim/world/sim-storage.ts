import type { Clock } from '../../../src/base/clock.ts';
import { type Op, type OutboxRow, type Storage, StorageError } from '../../../src/hub/storage.ts';
import type { MemoryDisk } from '../../../src/testing/disk/memory-disk.ts';
import type { Dice } from '../../support/dice.ts';
import type { HubRun } from './device.ts';
import type { Observer } from './observer.ts';

interface SimStorageParts {
  readonly hub: HubRun;
  readonly disk: MemoryDisk;
  readonly clock: Clock;
  readonly dice: Dice;
  readonly observer: Required<Observer>;
  /** How likely a transaction is to fail. */
  readonly failure: () => number;
  /** Called where the disk does not open. */
  readonly refused: () => void;
}

/**
 * A hub's storage over a disk that outlives it: transactions take their time and run in the order of their calls. When
 * the hub dies, those that were begun still happen, or the rest of them does not: the disk keeps a prefix.
 */
export function simStorage({ hub, disk, clock, dice, observer, failure, refused }: SimStorageParts): Storage {
  const inner = disk.storage();
  let last: Promise<unknown> = Promise.resolve();
  let gone = false;
  hub.process.atDeath(() => {
    gone = dice.chance(0.6);
  });

  const step = <T>(act: () => Promise<T>): Promise<T> =>
    hub.process.promise((resolve, reject) => {
      last = last.then(async () => {
        await new Promise<void>(
          (done) => void clock.after(dice.chance(0.1) ? dice.int(5, 120) : dice.int(0, 3), done),
        );
        if (gone) return;
        await act().then(
          (value) => resolve(value),
          (error: unknown) => {
            if (error instanceof StorageError && error.fault === 'deposed')
              hub.process.enter(() => observer.deposed(hub));
            reject(error);
          },
        );
      });
    });

  return {
    open(boot, protocol, told) {
      hub.told = () => hub.process.enter(() => told?.('broken'));
      return step(async () => {
        hub.isInMemory = dice.fork('opens').chance(failure() / 2);
        if (hub.isInMemory) {
          refused();
          throw new StorageError('refused', 'the disk does not open');
        }
        const opened = await inner.open(boot, protocol + hub.version);
        hub.boot = boot;
        observer.opened(hub, opened);
        // Who had it before hears of it.
        for (const other of hub.device.hubs) if (other !== hub) clock.after(5, other.told);
        return structuredClone(opened);
      });
    },
    records: (topic) => step(async () => structuredClone(await inner.records(topic))),
    queries: (topic) => step(async () => structuredClone(await inner.queries(topic))),
    commit(ops, durability) {
      const copy: readonly Op[] = structuredClone(ops);
      return step(async () => {
        const fault = dice.chance(failure()) ? dice.pick(FAULTS) : undefined;
        hub.isFull ||= fault === 'full';
        if (fault && fault !== 'answer') throw new StorageError(fault, `the disk was ${fault} this once`);
        const before = touchedRows(disk.rows.outbox, copy);
        await inner.commit(copy, durability);
        const left = new Set([...disk.rows.outbox.values()].map(({ mutation }) => mutation.id));
        for (const row of before) if (!left.has(row.mutation.id)) observer.left(hub, row);
        observer.committed(hub, copy);
        if (fault) throw new StorageError('closed', 'the disk did it, and did not say so');
      });
    },
    close: () => inner.close(),
  };
}

/** `answer`: the transaction takes place, and nobody hears of it. */
const FAULTS = ['failed', 'full', 'closed', 'answer'] as const;

/** The rows that these steps may take away. */
function touchedRows(outbox: ReadonlyMap<number, OutboxRow>, ops: readonly Op[]): OutboxRow[] {
  return ops.flatMap((op) => {
    if (op.type === 'putMutation') return outbox.get(op.row.order) ?? [];
    return op.type === 'deleteMutation' ? (outbox.get(op.order) ?? []) : [];
  });
}
