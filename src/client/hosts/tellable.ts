import type { Port } from '../../protocol/port.ts';
import type { TabDown } from '../../protocol/tab-down.ts';

/**
 * A tab's port, on which this side of it can say something too, as if the hub had: that it is deposed, where it will not
 * say so itself. What is said before anybody listens is not lost. `closing` is called when the tab closes it, after which
 * nothing is told.
 */
export function tellable(
  port: Port,
  closing: () => void,
): { readonly port: Port; readonly tell: (message: TabDown) => void } {
  let early: TabDown | undefined;
  let hear: (message: unknown) => void = (message) => {
    early = message as TabDown;
  };
  return {
    tell: (message) => hear(message),
    port: {
      post: port.post,
      listen(fn) {
        hear = fn;
        port.listen(fn);
        if (early) fn(early);
      },
      close() {
        hear = () => undefined;
        closing();
        port.close();
      },
    },
  };
}
