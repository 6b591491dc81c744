import { StorageError, type StorageFault } from '../storage.ts';

const ANYWHERE: { readonly [name: string]: StorageFault } = {
  QuotaExceededError: 'full',
  VersionError: 'newer',
};

/**
 * A connection that breaks shows under one of three names: it is closing (InvalidStateError), its transactions were
 * aborted (AbortError), or, on iOS, "Connection to Indexed Database server lost" (UnknownError,
 * https://github.com/jakearchibald/idb/issues/229).
 */
const IN_USE: { readonly [name: string]: StorageFault } = {
  InvalidStateError: 'closed',
  AbortError: 'closed',
  UnknownError: 'closed',
};

/** "Internal error opening backing store": what is on the disk is broken, and deleting it may fail as well. */
const AT_OPEN: { readonly [name: string]: StorageFault } = { UnknownError: 'corrupt' };

/** What IndexedDB threw, while the database was being opened or used, as a StorageError. */
export function storageFault(error: unknown, doing: 'open' | 'use'): StorageError {
  if (error instanceof StorageError) return error;
  const { name = '', message = '' } = (error ?? {}) as { name?: string; message?: string };
  const fault =
    ANYWHERE[name] ?? (doing === 'open' ? (AT_OPEN[name] ?? 'refused') : (IN_USE[name] ?? 'failed'));
  return new StorageError(fault, `Cannot ${doing} the database: ${name} ${message}`, error);
}
