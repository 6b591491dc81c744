import { parse } from '../../src/base/shape.ts';
import type { TabId } from '../../src/protocol/ids.ts';
import type { Port } from '../../src/protocol/port.ts';
import { type TabDown, tabDown } from '../../src/protocol/tab-down.ts';
import type { TabUp } from '../../src/protocol/tab-up.ts';
import { PROTOCOL } from '../../src/protocol/version.ts';

/** A tab that acknowledges each batch, has no token, and does nothing else by itself. */
export interface TabEnd {
  say(message: TabUp): void;
  /** The first message that passes `test`, among those that came and those that come. */
  first<T extends TabDown['type']>(
    type: T,
    test?: (message: Extract<TabDown, { type: T }>) => boolean,
  ): Promise<Extract<TabDown, { type: T }>>;
}

export function tabEnd(port: Port): TabEnd {
  const heard: TabDown[] = [];
  const waiting = new Set<() => void>();
  const say = (message: TabUp) => port.post(message);
  port.listen((message) => {
    const down = parse(tabDown, message);
    heard.push(down);
    if (down.type === 'batch') say({ type: 'ack', batch: down.batch });
    if (down.type === 'authenticate') say({ type: 'token', request: down.request, token: null });
    for (const look of waiting) look();
  });
  return {
    say,
    first: (type, test = () => true) =>
      new Promise((resolve) => {
        const look = () => {
          for (const message of heard) {
            if (message.type !== type || !test(message as never)) continue;
            waiting.delete(look);
            resolve(message as never);
          }
        };
        waiting.add(look);
        look();
      }),
  };
}

export const hello: Extract<TabUp, { type: 'hello' }> = {
  type: 'hello',
  tab: 'tab-1' as TabId,
  protocol: PROTOCOL,
  boot: null,
  n: 0,
};
