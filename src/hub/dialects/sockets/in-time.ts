import type { Clock } from '../../../base/clock.ts';
import { MedullaError } from '../../../protocol/errors.ts';
import type { Wire, WireAnswer, WireCall, WireListener } from '../wire.ts';

/** Milliseconds that one answer may take: less than the hub gives to a request before it takes the line for dead. */
const PATIENCE = 15_000;

/**
 * A wire with an end to the wait for each answer: where the server says other things meanwhile and not this, it is this
 * call alone that it does not answer, and what else is on its way is not lost with the link. `covers`: the calls whose late
 * answers cannot be taken for another's.
 */
export function inTime(wire: Wire, clock: Clock, covers: (call: WireCall) => boolean = () => true): Wire {
  return {
    ...wire,
    connect(hello, listener) {
      let heard = 0;
      const note =
        <A extends unknown[]>(fn: (...args: A) => void) =>
        (...args: A) => {
          heard++;
          fn(...args);
        };
      const noting: WireListener = {
        opened: (user) => listener.opened(user),
        closed: (end) => listener.closed(end),
        changed: note((change) => listener.changed(change)),
        stale: note((topic) => listener.stale(topic)),
        message: note((type, content) => listener.message(type, content)),
      };
      const link = wire.connect(hello, noting);
      return {
        call: (call) =>
          new Promise<WireAnswer>((resolve, reject) => {
            const before = heard;
            const cancel = clock.after(PATIENCE, () => {
              if (heard === before || !covers(call)) return;
              reject(new MedullaError('timeout', 'The server does not answer this'));
              link.leave?.(call);
            });
            link.call(call).then(note(resolve), reject).finally(cancel);
          }),
        follow: link.follow && ((topic, options) => link.follow?.(topic, options)),
        release: (topic) => link.release?.(topic),
        ask: link.ask && ((to, content) => link.ask?.(to, content) ?? Promise.resolve(null)),
        send: (content) => link.send?.(content),
        close: () => link.close(),
      };
    },
  };
}
