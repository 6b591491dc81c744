import { backoff } from '../../base/backoff.ts';
import type { Cancel } from '../../base/clock.ts';
import type { Boot } from '../../protocol/ids.ts';
import { PROTOCOL } from '../../protocol/version.ts';
import { noStorage } from '../no-storage.ts';
import { HUB_DEFAULTS, type HubParts } from '../parts.ts';
import { type Opened, type Storage, StorageError, type StorageFault } from '../storage.ts';

/** Bounds of the wait before a database that could not be had is tried again. */
const AGAIN = { base: 5_000, cap: 300_000 };
const AT_LEAST = 1_000;

export interface OpenedStorage {
  readonly storage: Storage;
  readonly opened: Opened;
  /** Why it is in memory; null = it is the browser's database. */
  readonly reason: StorageFault | null;
  /** The database, where it is to be had later after all. */
  readonly later: Promise<Opened>;
}

/** The browser's database, or one in memory where that is refused: never silently, the reason is told. `broken` is called where somebody closes it. */
export async function openStorage(parts: HubParts, boot: Boot, broken: () => void): Promise<OpenedStorage> {
  const { opening } = { ...HUB_DEFAULTS, ...parts.options };
  let isBlocked = false;
  let cancel: Cancel = () => undefined;
  const late = new Promise<never>((_, reject) => {
    const tooLate = () =>
      isBlocked
        ? new StorageError('blocked', "An old page's connection keeps the database from opening")
        : new StorageError('silent', 'The database does not answer');
    cancel = parts.clock.after(opening, () => reject(tooLate()));
  });
  const open = () =>
    parts.storage.open(boot, PROTOCOL, (news) => {
      if (news === 'blocked') isBlocked = true;
      else broken();
    });
  const first = open();
  try {
    const opened = await Promise.race([first, late]);
    return { storage: parts.storage, opened, reason: null, later: never };
  } catch (error) {
    const reason = error instanceof StorageError ? error.fault : 'failed';
    parts.log('error', 'storage-refused', { reason, message: String(error) });
    const nothing = await noStorage.open(boot, PROTOCOL);
    return { storage: noStorage, opened: nothing, reason, later: again(parts, first, open) };
  } finally {
    cancel();
  }
}

const never = new Promise<never>(() => undefined);

/** What is there may be there later: an old page is closed, a disk is found. What a newer page made stays its own. */
async function again(
  parts: HubParts,
  opening: Promise<Opened>,
  open: () => Promise<Opened>,
): Promise<Opened> {
  for (let attempt = 0; ; attempt++) {
    try {
      return await opening;
    } catch (error) {
      const { fault } = error as StorageError;
      if (fault === 'newer' || fault === 'deposed' || fault === 'closed') return never;
    }
    await new Promise<void>((resolve) => {
      parts.clock.after(AT_LEAST + backoff(attempt, AGAIN, parts.random), resolve);
    });
    opening = open();
  }
}
