import type { Store } from '../../src/server/store.ts';
import { batchContract } from './batch-contract.ts';
import { idContract } from './id-contract.ts';
import { logContract } from './log-contract.ts';
import { receiptContract } from './receipt-contract.ts';
import { sizeContract } from './size-contract.ts';
import { storeContract } from './store-contract.ts';
import { trimContract } from './trim-contract.ts';

/** All that holds of every store of the server. `make` gives an empty one. */
export function contracts(name: string, make: () => Store): void {
  for (const contract of [
    storeContract,
    receiptContract,
    logContract,
    idContract,
    batchContract,
    sizeContract,
    trimContract,
  ])
    contract(name, make);
}
