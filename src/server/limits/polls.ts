import type { IncomingMessage, ServerResponse } from 'node:http';

/** What is used of a connection of Engine.IO's. It keeps what answers a poll for itself, and says when that begins. */
interface Polled {
  readonly transport: {
    readonly name: string;
    readonly res?: ServerResponse | null;
    on(event: 'headers', fn: (headers: object, request: IncomingMessage) => void): unknown;
  };
  close(discard: boolean): unknown;
}

/** Who has read nothing of an answer for so long, in milliseconds, does not get the rest. */
const PATIENCE = 30_000;

/** The last answer to a poll of those who poll. */
const answers = new WeakMap<object, ServerResponse>();

const isLeft = (answer: ServerResponse | undefined): answer is ServerResponse =>
  answer !== undefined && !answer.writableFinished && !answer.destroyed;

/**
 * To Engine.IO what answers a poll is gone. Whoever polls again has read it: who has not would have one answer after the
 * other kept here, and is cut off.
 */
export function watchPolls(conn: object): void {
  const { transport } = conn as Polled;
  if (transport.name !== 'polling') return;
  transport.on('headers', (_headers, { method }) => {
    // What is said meanwhile, by POST, is answered too.
    if (method !== 'GET') return;
    const last = answers.get(conn);
    if (isLeft(last)) {
      last.destroy();
      // Engine.IO is in the middle of the next.
      setImmediate(() => (conn as Polled).close(true));
    }
    const { res } = transport;
    if (res)
      answers.set(
        conn,
        res.setTimeout(PATIENCE, () => res.destroy()),
      );
  });
}

/** Bytes of an answer to a poll that wait to be read. */
export function unreadPoll(conn: object): number {
  const answer = answers.get(conn);
  return isLeft(answer) ? answer.writableLength : 0;
}
