/** Who signed in last, for a start without a network; null = nobody. In a browser it is in localStorage. */
export interface Remembered {
  get(): string | null;
  /** Null forgets. */
  set(user: string | null): void;
  /** Whether the browser thinks that it has a network. */
  readonly online: boolean;
}
