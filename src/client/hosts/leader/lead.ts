import { unreachable } from '../../../base/assert.ts';
import type { Cancel } from '../../../base/clock.ts';
import { messagePort, type Port } from '../../../protocol/port.ts';
import { tellable } from '../tellable.ts';
import { carriedPort } from './carried-port.ts';
import type { Seat } from './elect.ts';
import { type Call, isOtherSeen, type LeaderParts } from './leader-parts.ts';

/** Milliseconds that a leader whom nobody can see goes on: who glances at another tab does not move the hub. */
const GRACE = 1_000;

/**
 * Leads: runs the hub in this page, and gives a port to each tab that asks. Returns this tab's own port; closing it ends
 * the leadership, and so do another tab that takes it away, and one that can be seen while this one cannot.
 */
export function lead(parts: LeaderParts, seat: Seat, ended: (silent: boolean) => boolean): Port {
  const { name, protocol, locks, open, presence, clock, log } = parts;
  const leader = parts.newId();
  const hub = parts.start(seat.wasSilent);
  const calls = open(name);
  const pairs = new Map<string, Cancel>();
  const { port1, port2 } = new MessageChannel();
  const { port, tell } = tellable(messagePort(port1), () => end('closed'));
  let isOver = false;
  let timer: Cancel = () => undefined;

  function end(why: string): void {
    if (isOver) return;
    isOver = true;
    log('debug', 'leader-ends', { why });
    timer();
    unwatch();
    calls.close();
    for (const close of [...pairs.values()]) close();
    // Its lock falls free with that, and so all tabs hear of it.
    hub.close();
    seat.release();
    if (why !== 'closed' && !ended(false)) tell({ type: 'deposed' });
  }

  function look(): void {
    timer();
    if (presence.visible) return;
    timer = clock.after(GRACE, async () => {
      const holders = await locks.holders();
      if (presence.visible || !isOtherSeen(parts, holders)) return;
      // What a tab handed over that has gone since is nowhere else.
      await hub.flush?.();
      if (!presence.visible) end('hidden');
    });
  }

  function admit(pair: string): void {
    if (pairs.has(pair)) return;
    const close = () => {
      pairs.delete(pair);
      unwatch();
      port.close();
    };
    const port = carriedPort(open(pair), { closed: () => close() });
    // A tab that crashes says nothing, and this end would stay.
    const unwatch = locks.whenFree(pair, close);
    pairs.set(pair, close);
    hub.attach(port);
    port.opened(leader);
  }

  calls.onmessage = ({ data }) => {
    const call = data as Call;
    switch (call.type) {
      case 'join':
        // Its hub could say things that this one does not know, and what is on the disk by then is not for this one.
        if (call.protocol > protocol) return end('older');
        admit(call.pair);
        if (call.visible) look();
        break;
      case 'visible':
        look();
        break;
      case 'leads':
        break;
      default:
        unreachable(call);
    }
  };
  const unwatch = presence.watch({ seen: look });
  seat.stolen = () => end('stolen');
  calls.postMessage({ type: 'leads', leader } satisfies Call);
  look();

  hub.attach(messagePort(port2));
  return port;
}
