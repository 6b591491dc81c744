import { dialectContract } from './dialect-contract.ts';
import { memoryDialect } from './memory-dialect.ts';

dialectContract(memoryDialect);
