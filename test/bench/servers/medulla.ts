import type { Served } from './served.ts';

export async function medullaServer(_store: 'memory' | 'sqlite'): Promise<Served> {
  throw new Error('Not there yet');
}
