/** How much of something one user may do in some time. */
export interface Rate {
  /** Says how many of `count` may be done now; they count as done, and so do the others. Never rejects. */
  take(who: string, count: number): Promise<Allowance>;
}

export interface Allowance {
  readonly allowed: number;
  /** Milliseconds until more may be done. */
  readonly after: number;
}

/** So many in so many seconds; a number is so many in each second. */
export type RateOption = number | { readonly count: number; readonly seconds: number };
