import type { CoreConnection } from './core-connection.ts';

/** The line between the browser and the server. */
export interface TestLine {
  /** The network is gone: what was on its way is lost, and there is no connection until `mend`. */
  cut(): void;
  /** The network is back. A connection comes with the next attempt, which `settle` waits for. */
  mend(): void;
  readonly isCut: boolean;
  /** Milliseconds, by the test's clock, that a message takes in each direction; 0. */
  delay: number;
}

export function testLine(connection: CoreConnection): TestLine {
  return {
    cut() {
      connection.online = false;
    },
    mend() {
      connection.online = true;
    },
    get isCut() {
      return !connection.up;
    },
    get delay() {
      return connection.delay;
    },
    set delay(ms) {
      connection.delay = ms;
    },
  };
}
