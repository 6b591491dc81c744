import { unreachable } from '../../../base/assert.ts';
import type { Port } from '../../../protocol/port.ts';
import type { ChannelLike } from './leader-parts.ts';

/** What goes over the channel of a pair. `opened`: the leader, by its name, hears what comes next. */
type Carried =
  | { readonly type: 'opened'; readonly leader: string }
  | { readonly type: 'message'; readonly message: unknown }
  | { readonly type: 'ping' }
  | { readonly type: 'pong' }
  | { readonly type: 'closed' };

export interface CarriedPortListener {
  /** The other end is there, and hears what is posted from now on. */
  opened?(leader: string): void;
  /** The other end lives: it has answered a ping. */
  pong?(): void;
  /** The other end was closed. */
  closed(): void;
}

/** A port to the tab at the other end of a channel that is theirs alone. */
export interface CarriedPort extends Port {
  /** Tells the other end that it can begin. */
  opened(leader: string): void;
  /** Has the other end answer. */
  ping(): void;
}

/**
 * A {@link Port} over a BroadcastChannel of two. It keeps what arrives before somebody listens, as a MessagePort does.
 * A channel delivers to those alone who have opened it by then: the tab that asks opens its end first, and the leader
 * says when it has opened the other. Nothing is posted before that.
 */
export function carriedPort(channel: ChannelLike, listener: CarriedPortListener): CarriedPort {
  let hear: ((message: unknown) => void) | undefined;
  let isClosed = false;
  const early: unknown[] = [];
  const post = (carried: Carried) => {
    if (!isClosed) channel.postMessage(carried);
  };
  channel.onmessage = ({ data }) => {
    const carried = data as Carried;
    switch (carried.type) {
      case 'opened':
        return listener.opened?.(carried.leader);
      case 'message':
        if (hear) hear(carried.message);
        else early.push(carried.message);
        break;
      case 'ping':
        return post({ type: 'pong' });
      case 'pong':
        return listener.pong?.();
      case 'closed':
        return listener.closed();
      default:
        return unreachable(carried);
    }
  };
  return {
    opened: (leader) => post({ type: 'opened', leader }),
    ping: () => post({ type: 'ping' }),
    post: (message) => post({ type: 'message', message }),
    listen(fn) {
      hear = fn;
      for (const message of early.splice(0)) fn(message);
    },
    close() {
      post({ type: 'closed' });
      isClosed = true;
      channel.onmessage = null;
      channel.close();
    },
  };
}
