import type { ErrorCode } from '../../protocol/errors.ts';
import type { Answers, RefusedAnswer } from '../../protocol/server-down.ts';
import type { RequestName } from '../../protocol/server-up.ts';

/** Counts what a server does. It is told of every request: it has to be quick, and never throws. Times are milliseconds. */
export interface Meter {
  /** Somebody was let in, or was not. */
  handshake(outcome: 'welcome' | ErrorCode): void;
  /** `name` is what the client said: there may be no request of that name. */
  answered(name: string, answer: Answers[RequestName] | RefusedAnswer, took: number): void;
  /** A transaction of the store's, with so many changes. */
  committed(changes: number, took: number): void;
  /** What one turn of the event loop committed was handed to those who follow on this node. `took`: since the first commit of it began. */
  delivered(took: number): void;
}

export const silentMeter: Meter = {
  handshake: () => undefined,
  answered: () => undefined,
  committed: () => undefined,
  delivered: () => undefined,
};
