import { hold, whenFree } from '../../src/client/hosts/page-locks.ts';
import { locksContract } from '../support/locks-contract.ts';
import { MemoryLocks } from '../support/memory-locks.ts';

locksContract('a page', { hold, whenFree });
locksContract('the tests', new MemoryLocks());
