import { hold, whenFree } from '../../src/client/hosts/page-locks.ts';
import { MemoryLocks } from '../../src/testing/memory-locks.ts';
import { locksContract } from '../support/locks-contract.ts';

locksContract('a page', { hold, whenFree });
locksContract('the tests', new MemoryLocks());
