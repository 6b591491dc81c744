import type { Mutation } from '../../../src/protocol/mutation.ts';

/** `poison`: the application throws whenever it meets it. `breaker`: it breaks every connection over which it comes. */
export const isPoison = ({ set }: Pick<Mutation, 'set'>): boolean =>
  set.title === 'poison' || set.title === 'breaker';

export const isBreaker = ({ set }: Pick<Mutation, 'set'>): boolean => set.title === 'breaker';

/** `hard 3`: the application throws three times before it takes it; 0 for all others. */
export const hardness = (title: unknown): number =>
  typeof title === 'string' && title.startsWith('hard ') ? Number(title.slice(5)) : 0;
