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
  let host = first;

  async function fall(what: string | null) {
    host = await second(what);
    return host.join(null);
  }

  return {
    get kind() {
      return host?.kind ?? null;
    },
    get reason() {
      return host?.reason ?? null;
    },
    watch: (lock, fn) => host?.watch(lock, fn) ?? (() => undefined),
    async join(dead, failed) {
      if (host && host !== first) return host.join(dead, failed);
      if (!first || (failed !== undefined && !again())) return fall(failed ?? null);
      try {
        return await first.join(dead);
      } catch (error) {
        return fall(String(error));
      }
    },
  };
}
