import { fits, number, object } from '../../base/shape.ts';
import { MedullaError } from '../../protocol/errors.ts';
import { PaidPages } from '../answers/paid-pages.ts';
import type { Allowance, Rate, RateOption } from './rate.ts';
import type { Client, Who } from './who.ts';

/** What is counted: mutations, reads (topics that are begun to be followed, and pages beside those of their snapshots), messages that are no changes. */
export type RateName = 'writes' | 'reads' | 'messages';

/** How much one user may do. Without a number there is no bound. */
export interface RateOptions extends Readonly<Partial<Record<RateName, RateOption>>> {
  /** A connection of ioredis or node-redis in which all nodes count together; without it each node counts by itself. */
  readonly redis?: unknown;
  /** Who counts as one, of connections too; by default each user, and who is nobody in particular by the address. */
  readonly who?: Who;
}

/** What the sessions of a server ask before they do something for a user. */
export class Rates {
  readonly #by: Readonly<Partial<Record<RateName, Rate>>>;
  readonly #who: Who;
  /** What a read that was counted pays for besides. */
  readonly pages = new PaidPages();

  constructor(
    by: Readonly<Partial<Record<RateName, Rate>>> = {},
    who: Who = ({ user, request }) => user || `@${request.address}`,
  ) {
    this.#by = by;
    this.#who = who;
  }

  /** How many of `count` may be done now; null = all, since nobody counts. */
  take(name: RateName, client: Client, count: number): Promise<Allowance> | null {
    const rate = this.#by[name];
    return rate ? rate.take(this.#who(client), count) : null;
  }

  /** Lets it pass where at least a part of it may be done, or throws a MedullaError 'rate' that says after how long it may be tried again. */
  async pass(name: RateName, client: Client, count = 1): Promise<void> {
    const taken = await this.take(name, client, count);
    if (taken?.allowed === 0 && count > 0) throw tooFast(name, taken.after);
  }
}

/** Milliseconds after which what was refused may be tried again; undefined = nobody knows. */
export function afterOf({ code, details }: MedullaError): number | undefined {
  return code === 'rate' && fits(wait, details) ? details.after : undefined;
}

const wait = object({ after: number });

export const tooFast = (name: RateName, after: number): MedullaError =>
  new MedullaError('rate', `These are more ${name} than one user may ask for in this time.`, {
    details: { after },
  });
