import type { IncomingMessage } from 'node:http';
import type { Clock } from '../../base/clock.ts';
import { MedullaError } from '../../protocol/errors.ts';
import type { Room } from '../limits/room.ts';

export interface BodyBounds {
  /** The most that it may have. */
  readonly bytes: number;
  /** Milliseconds in which it has to be there. */
  readonly deadline: number;
  /** What all bodies that are on their way share. */
  readonly room: Room;
  readonly clock: Clock;
}

/**
 * The JSON that a request carries. Rejects with a MedullaError: `too-large`, `timeout`, `retry` where too many are on their way,
 * `bad-message`, `unreachable` where its client hangs up. What comes after that is not kept.
 */
export async function readBody(request: IncomingMessage, bounds: BodyBounds): Promise<unknown> {
  if (Number(request.headers['content-length']) > bounds.bytes) throw tooLarge(bounds);
  const parts: Buffer[] = [];
  try {
    await whole(request, parts, bounds);
    return JSON.parse(Buffer.concat(parts).toString('utf8'));
  } catch (cause) {
    if (cause instanceof MedullaError) throw cause;
    throw new MedullaError('bad-message', `The body is no JSON: ${String(cause)}`, { cause });
  } finally {
    bounds.room.give(sizeOf(parts));
  }
}

/** Resolves once all of it is in `parts`. */
function whole(
  request: IncomingMessage,
  parts: Buffer[],
  { bytes, deadline, room, clock }: BodyBounds,
): Promise<void> {
  return new Promise((resolve, reject) => {
    let size = 0;
    const listeners = {
      data(part: Buffer) {
        size += part.length;
        if (size > bytes) end(tooLarge({ bytes }));
        else if (room.take(part.length)) parts.push(part);
        else end(new MedullaError('retry', 'Too many requests are on their way to the server.'));
      },
      end: () => end(null),
      error: (cause: unknown) => end(new MedullaError('unreachable', 'The request broke off.', { cause })),
    };
    const cancel = clock.after(deadline, () =>
      end(new MedullaError('timeout', `A request has to be there within ${deadline} ms.`)),
    );
    function end(problem: MedullaError | null): void {
      cancel();
      request.off('data', listeners.data).off('end', listeners.end);
      // Its error, which still may come, is nobody's any more.
      if (problem) reject(problem);
      else resolve();
    }
    request.on('data', listeners.data).on('end', listeners.end).on('error', listeners.error);
  });
}

const sizeOf = (parts: readonly Buffer[]): number => parts.reduce((sum, { length }) => sum + length, 0);

const tooLarge = ({ bytes }: Pick<BodyBounds, 'bytes'>) =>
  new MedullaError('too-large', `A request may have ${bytes} bytes at most.`);
