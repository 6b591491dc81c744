import type { Host } from '../host.ts';

export interface FallbackHostParts {
  readonly first: Host | null;
  /** Makes the other host; `what` kept the first from starting, null where there is none. */
  readonly second: (what: string | null) => Promise<Host>;
  /** Whether the first may be tried again after it failed. */
  readonly again: () => boolean;
}

/** The best host there is: the first, until it fails; from then on the second, which says why. */
export function fallbackHost({ first, second, again }: FallbackHostParts): Host {
  let other: Host | undefined;
  const current = () => other ?? first;

  async function fall(what: string | null) {
    other = await second(what);
    return other.join(null);
  }

  return {
    get kind() {
      return current()?.kind ?? 'page';
    },
    get reason() {
      return current()?.reason ?? null;
    },
    watch: (lock, fn) => current()?.watch(lock, fn) ?? (() => undefined),
    async join(dead, failed) {
      if (other) return other.join(dead, failed);
      if (!first) return fall(null);
      if (failed && !again()) return fall(failed);
      try {
        return await first.join(dead);
      } catch (error) {
        return fall(String(error));
      }
    },
  };
}
