import { isObject, type Json } from '../../../base/json.ts';

/** So many of each are kept. */
const MOST = 1_000;

/** What is known of the tokens that requests carry. It outlives a link. */
export class Tokens {
  /** The newest token against forgery. */
  csrf: string | null = null;
  /** Values of `Authorization` that the server has refused. */
  readonly refused = new Set<string>();
  /** What was read, or streamed, in vain, and another token asked for. */
  readonly #vain = new Set<string>();
  readonly #csrfHeader: string | undefined;

  /** `csrf`: the header that carries the token against forgery. */
  constructor(csrf: string | undefined) {
    this.#csrfHeader = csrf?.toLowerCase();
  }

  /** The server, or whoever reads now, knows a newer token than what waits in the outbox. */
  learn(headers: Json | undefined): void {
    for (const [name, value] of Object.entries(isObject(headers) ? headers : {}))
      if (name.toLowerCase() === this.#csrfHeader && typeof value === 'string') this.csrf = value;
  }

  /** The server does not take what these headers say of who this is. */
  refuse(headers: Record<string, string>): void {
    const said = new Headers(headers).get('authorization');
    if (said) keep(this.refused, said);
  }

  /** The server has let this be read. */
  good(place: string): void {
    this.#vain.delete(place);
  }

  /**
   * Whether another token may help with what the server does not let be read: once, until it lets it. What somebody may
   * never read must not take the line down again and again.
   */
  mayHelp(place: string): boolean {
    const isNew = !this.#vain.has(place);
    keep(this.#vain, place);
    return isNew;
  }
}

function keep(set: Set<string>, one: string): void {
  if (set.size >= MOST) set.clear();
  set.add(one);
}
