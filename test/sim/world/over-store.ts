import type { Store } from '../../../src/server/store.ts';

/** The server's store with some methods replaced. */
export function overStore(store: Store, change: Partial<Store>): Store {
  const names = [
    'open',
    'read',
    'receipts',
    'commit',
    'refuse',
    'head',
    'heads',
    'page',
    'log',
    'number',
    'trim',
    'close',
  ];
  const all = Object.fromEntries(
    names.map((name) => [name, (store[name as keyof Store] as () => unknown).bind(store)]),
  );
  return { ...all, ...change } as unknown as Store;
}
