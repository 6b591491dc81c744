import type { RecordKey } from '../../protocol/ids.ts';

/** The offsets of effects of ours by their records, the newest last. */
export type Absorbed = Map<RecordKey, number>;

/** So many effects are remembered where no cursor reaches them: more than can be made while a read is under way. */
const MOST = 1_000;

export function remember(absorbed: Absorbed, key: RecordKey, offset: number): void {
  absorbed.delete(key);
  absorbed.set(key, offset);
  const [oldest] = absorbed.keys();
  if (absorbed.size > MOST && oldest !== undefined) absorbed.delete(oldest);
}
