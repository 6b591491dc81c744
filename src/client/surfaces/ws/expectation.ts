import type { Clock } from '../../../base/clock.ts';
import { equalJson } from '../../../base/json.ts';
import { codedError } from '../../coded-error.ts';

/**
 * What a message is to be like: a function of content and type that says so; a text, which is its type, or all of it;
 * an object, whose values it has to have; null or false: any.
 */
export type Expected =
  | ((content: unknown, type: string | undefined) => unknown)
  | string
  | Readonly<Record<string, unknown>>
  | null
  | false;

/** Somebody waits for a message. */
export interface Expectation {
  /** Resolves with the content of the first message that is like it; rejects with 'timeout', or with 'abort' once it is killed. */
  readonly promise: Promise<unknown>;
  /** Waits no more. Idempotent. */
  kill(): void;
}

/** Those that wait now. */
export class Expectations {
  readonly #clock: Clock;
  /** How each hears a message, and how it is told that it waits no more. */
  readonly #waiting = new Map<(content: unknown, type: string | undefined) => void, () => void>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  add(expected: Expected, seconds: number): Expectation {
    let kill: () => void = () => undefined;
    const promise = new Promise<unknown>((resolve, reject) => {
      const hear = (content: unknown, type: string | undefined) => {
        try {
          if (!isLike(expected, content, type)) return;
          resolve(content);
        } catch (error) {
          reject(error); // what others wait for is none of its business
        }
        end();
      };
      const late = this.#clock.after(seconds * 1000, () => {
        end();
        reject(codedError('timeout', `No such message came within ${seconds} s`));
      });
      const end = () => {
        late();
        this.#waiting.delete(hear);
      };
      kill = () => {
        end();
        reject(codedError('abort', 'Nobody waits for this message any more'));
      };
      this.#waiting.set(hear, kill);
    });
    promise.catch(() => undefined); // nobody has to be interested
    return { promise, kill };
  }

  hear(content: unknown, type: string | undefined): void {
    for (const hear of [...this.#waiting.keys()]) hear(content, type);
  }

  /** Nobody waits any more. */
  end(): void {
    for (const kill of [...this.#waiting.values()]) kill();
  }
}

function isLike(expected: Expected, content: unknown, type: string | undefined): boolean {
  if (!expected) return true;
  if (typeof expected === 'function') return Boolean(expected(content, type));
  const held = Object(content) as Record<string, unknown>;
  if (typeof expected === 'string')
    return (type ?? (typeof content === 'string' ? content : held.type)) === expected;
  return Object.keys(expected).every((name) => equalJson(held[name], expected[name]));
}
