import type { Clock } from '../../base/clock.ts';
import type { Log } from '../../base/log.ts';
import type { Random } from '../../base/random.ts';
import type { Epoch, Topic } from '../../protocol/ids.ts';
import type { Answered } from './answered.ts';
import type { Wire, WireAnswer, WireCall } from './wire.ts';

export interface DialectParts {
  readonly wire: Wire;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  /** What records call their id on this wire, by topic where they differ; 'id'. */
  readonly idAttribute?: string | { readonly [topic: string]: string } | undefined;
}

export interface LinkParts extends Omit<DialectParts, 'wire'> {
  readonly answered: Answered;
  /** The next offset, of whatever topic. */
  readonly next: () => number;
  /** Has it be above this one. */
  readonly reach: (known: number) => void;
}

export type Call = (call: WireCall) => Promise<WireAnswer>;

/** All of a dialect's topics are of one life: this side's own count. */
export const EPOCH = 'dialect' as Epoch;

/** What the topic's records call their id on the wire. */
export function idNameOf({ idAttribute = 'id' }: Pick<DialectParts, 'idAttribute'>, topic: Topic): string {
  return typeof idAttribute === 'string' ? idAttribute : (idAttribute[topic] ?? 'id');
}
