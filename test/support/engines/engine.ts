/** The browsers that tests are run in. */
export type EngineName = 'chromium' | 'firefox' | 'webkit';

/** A tab. What is evaluated is sent as text: it sees the page, and its argument, and nothing of the test. */
export interface EngineTab {
  evaluate<R>(fn: () => R | Promise<R>): Promise<R>;
  evaluate<R, A>(fn: (arg: A) => R | Promise<R>, arg: A): Promise<R>;
  reload(): Promise<unknown>;
  close(): Promise<void>;
}

/** What lets something go on. */
export type Wake = () => Promise<void>;

/** The workers of one origin, for engines whose protocol reaches them. */
export interface Workers {
  count(): Promise<number>;
  /** Stops them before the next statement that they would run: what is sent to them from now on they never see. */
  stop(): Promise<void>;
  /** Ends them where they stand: no event, no goodbye, nothing flushed. Resolves with how many there were. */
  kill(): Promise<number>;
  /** Bytes in use after a collection. */
  heap(): Promise<number>;
}

/** One run of a browser, on a profile of its own. What only some can do is optional. */
export interface Engine<T extends EngineTab = EngineTab> {
  readonly name: EngineName;
  /** Opens another tab beside those there are; resolves when it has loaded. */
  open(url: string): Promise<T>;
  workers?(origin: string): Workers;
  /** Freezes the tab as the browser does with one that is long out of sight, having told it. */
  freeze?(tab: T): Promise<Wake>;
  /** Stops the tab's scripts between two statements, without a word to it. */
  stop?(tab: T): Promise<Wake>;
  /**
   * Has the browser discard the tab, as it does with those out of sight for want of memory; resolves with what looks at it
   * again, and gives the tab that is loaded then. No two tabs may show the same url.
   */
  discard?(tab: T): Promise<() => Promise<T>>;
  /** Closes the tab and kills the process that it ran in, with whatever workers run in that, too. */
  kill?(tab: T): Promise<void>;
  /** Kills the browser, with all its tabs and workers, and starts it again on the same profile. */
  crash?(): Promise<void>;
  /** No process of it is left. Idempotent. */
  close(): Promise<void>;
}
