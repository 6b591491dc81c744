import type { Mutant } from './mutant.ts';
import { SERVER_MUTANTS } from './server-mutants.ts';
import { STORAGE_MUTANTS } from './storage-mutants.ts';
import { TAB_MUTANTS } from './tab-mutants.ts';

export const MUTANTS: readonly Mutant[] = [...SERVER_MUTANTS, ...STORAGE_MUTANTS, ...TAB_MUTANTS];
