import type { Cancel } from '../../../base/clock.ts';
import type { Port } from '../../../protocol/port.ts';
import { tellable } from '../tellable.ts';
import { carriedPort } from './carried-port.ts';
import type { Call, LeaderParts } from './leader-parts.ts';

/**
 * So many looks after the leader without an answer in between are its end: that its page is frozen is noticed within the
 * deadline, also by a tab that only waits for an answer and has nothing to say.
 */
const MISSED = 3;

/** Milliseconds between two looks. A hidden page's timers run at whole seconds only: a wait of a second would be two. */
const beatOf = (deadline: number): number => Math.min(900, deadline / (MISSED + 2));

/**
 * Asks for a port to the tab that leads, and asks again whenever another begins to; resolves once one has opened its
 * end, or with null where `signal` ends the asking before.
 *
 *   opens the pair's channel, takes its lock ──join──▶ leader opens it too ──opened──▶ port
 *
 * A port whose leader is gone, by whatever way that is noticed first, says so as a hub that was deposed: a leader that
 * died before its hub said hello is noticed by nothing else. `ended` is told before that, and whether it was only silent;
 * where it has told the session, the port says nothing.
 */
export async function follow(
  parts: LeaderParts,
  signal: AbortSignal,
  ended: (silent: boolean) => boolean,
): Promise<Port | null> {
  const { name, protocol, locks, open, presence, clock, newId, deadline } = parts;
  const pair = `${name}:${newId()}`;
  const letGo = await locks.hold(pair);
  const calls = open(name);
  const ends: Cancel[] = [() => calls.close(), () => letGo?.()];
  let leader: string | undefined;
  let isGone = false;
  let missed = 0;
  let beat: Cancel = () => undefined;
  const call = (message: Call) => calls.postMessage(message);
  const ask = () => call({ type: 'join', pair, visible: presence.visible, protocol });

  return new Promise((resolve) => {
    const carried = carriedPort(open(pair), {
      opened(by) {
        if (leader !== undefined || signal.aborted) return;
        leader = by;
        ends.push(
          locks.whenFree(name, () => gone()),
          () => beat(),
        );
        look();
        resolve(port);
      },
      pong: () => {
        missed = 0;
      },
      closed: () => gone(),
    });
    const { port, tell } = tellable(carried, () => {
      isGone = true;
      for (const end of ends.splice(0)) end();
    });
    function gone(silent = false): void {
      if (isGone || leader === undefined) return;
      isGone = true;
      if (!ended(silent)) tell({ type: 'deposed' });
    }
    function look(): void {
      if (missed === MISSED) gone(true);
      else {
        missed += 1;
        carried.ping();
        beat = clock.after(beatOf(deadline), look);
      }
    }
    calls.onmessage = ({ data }) => {
      const message = data as Call;
      if (message.type !== 'leads') return;
      if (leader === undefined) ask();
      else if (message.leader !== leader) gone();
    };
    const seen = (visible: boolean) => {
      if (visible) call({ type: 'visible' });
    };
    ends.push(presence.watch({ seen }));
    const give = () => {
      if (leader !== undefined) return;
      port.close();
      resolve(null);
    };
    signal.addEventListener('abort', give);
    if (signal.aborted) give();
    else ask();
  });
}
