import type { Cancel } from '../../../base/clock.ts';
import type { Lifecycle } from '../../options.ts';

/** Whether anybody can see this page, and when it is put to sleep. */
export interface Presence {
  readonly visible: boolean;
  /** Calls `seen` when that changes and `asleep` before the page is put to sleep. */
  watch(listener: PresenceListener): Cancel;
}
export interface PresenceListener {
  seen?(visible: boolean): void;
  asleep?(): void;
}

export function presenceOf(lifecycle: Lifecycle): Presence {
  const listeners = new Set<PresenceListener>();
  let visible = true;
  lifecycle.listen({
    hide() {
      for (const { asleep } of [...listeners]) asleep?.();
    },
    show: () => undefined,
    see(now) {
      visible = now;
      for (const { seen } of [...listeners]) seen?.(now);
    },
  });
  return {
    get visible() {
      return visible;
    },
    watch(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
