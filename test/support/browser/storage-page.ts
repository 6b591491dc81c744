/** Runs in a page: the contract of storages over the browser's own IndexedDB. */
import { equalJson } from '../../../src/base/json.ts';
import { silentLog } from '../../../src/base/log.ts';
import { idbStorage } from '../../../src/hub/adapters/idb-storage.ts';
import { storageContract } from '../../adapters/storage-contract.ts';

const cases: { readonly title: string; readonly fn: () => Promise<void> }[] = [];
let databases = 0;

async function make() {
  const name = `medulla:contract:${databases++}`;
  return { storage: () => idbStorage({ name, log: silentLog }) };
}

storageContract('IndexedDB in a browser', make, {
  test(title, fn) {
    cases.push({ title, fn });
  },
  equal(actual, expected) {
    if (!equalJson(actual, expected))
      throw new Error(`Expected ${JSON.stringify(expected)}: current value is ${JSON.stringify(actual)}`);
  },
});

/** Titles and what went wrong; null = nothing. */
async function runContract(): Promise<[title: string, problem: string | null][]> {
  const results: [string, string | null][] = [];
  for (const { title, fn } of cases) {
    const problem = await fn().then(
      () => null,
      (error: unknown) => String(error),
    );
    results.push([title, problem]);
  }
  return results;
}

declare global {
  var contract: typeof runContract;
}
globalThis.contract = runContract;
