import type { Connection, Hello, Link, LinkEnd, LinkListener } from '../../src/hub/connection.ts';
import type { UserId } from '../../src/protocol/ids.ts';
import type { Welcome } from '../../src/protocol/server-down.ts';
import { deferred } from '../support/deferred.ts';

export const HELLO: Hello = { user: 'ada' as UserId, token: 'secret', device: 'device-1' };

/** A link and all that its listener has heard. */
export interface RecordedLink {
  readonly link: Link;
  readonly heard: readonly (readonly [name: string, what: unknown])[];
  readonly opened: Promise<Welcome>;
  readonly closed: Promise<LinkEnd>;
  /** Resolves with the next event of any name. */
  nextEvent(): Promise<unknown>;
}

/** `onEvent` is called during each event. */
export function recorded(connection: Connection, onEvent?: (link: Link) => void): RecordedLink {
  const heard: [string, unknown][] = [];
  const opened = deferred<Welcome>();
  const closed = deferred<LinkEnd>();
  let next = deferred<unknown>();
  let calling = true;
  const hear = (name: string, what: unknown) => heard.push([calling ? `${name} during connect` : name, what]);
  const listener: LinkListener = {
    opened(welcome) {
      hear('opened', welcome);
      opened.resolve(welcome);
    },
    event(name, event) {
      hear(name, event);
      next.resolve(event);
      next = deferred<unknown>();
      onEvent?.(link);
    },
    closed(end) {
      hear('closed', end);
      closed.resolve(end);
    },
  };
  const link = connection.connect(HELLO, listener);
  calling = false;
  return { link, heard, opened: opened.promise, closed: closed.promise, nextEvent: () => next.promise };
}
