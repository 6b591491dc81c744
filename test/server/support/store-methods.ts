import type { Store } from '../../../src/server/store.ts';

/** A store's methods by themselves, so that one can be put in another's place. */
export function storeMethods(store: Store): Store {
  return {
    open: () => store.open(),
    read: (...args: Parameters<typeof store.read>) => store.read(...args),
    receipts: (...args: Parameters<typeof store.receipts>) => store.receipts(...args),
    commit: (...args: Parameters<typeof store.commit>) => store.commit(...args),
    refuse: (...args: Parameters<typeof store.refuse>) => store.refuse(...args),
    head: (...args: Parameters<typeof store.head>) => store.head(...args),
    heads: (...args: Parameters<typeof store.heads>) => store.heads(...args),
    page: (...args: Parameters<typeof store.page>) => store.page(...args),
    log: (...args: Parameters<typeof store.log>) => store.log(...args),
    number: () => store.number(),
    trim: (...args: Parameters<typeof store.trim>) => store.trim(...args),
    ...(store.size && { size: store.size.bind(store) }),
    close: () => store.close(),
  };
}
