import type { Storage } from '../../src/hub/storage.ts';

/** A storage's methods by themselves, so that one can be put in another's place. */
export function storageMethods(storage: Storage): Storage {
  return {
    open: (...args) => storage.open(...args),
    records: (topic) => storage.records(topic),
    queries: (topic) => storage.queries(topic),
    commit: (...args) => storage.commit(...args),
    close: () => storage.close(),
  };
}
