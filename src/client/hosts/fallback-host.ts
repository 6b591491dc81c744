import type { Host } from '../host.ts';

export interface FallbackHostParts {
  readonly first: Host | null;
  /** Why there is no `first`. */
  readonly reason: string | null;
  readonly second: (reason: () => string | null) => Host;
  /** What kept the first from starting. */
  readonly diagnose: (what: string) => Promise<string>;
  /** Whether the first may be tried again after it failed. */
  readonly again: () => boolean;
}

/** The best host there is: the first, until it fails; from then on the second, which says why. */
export function fallbackHost({ first, reason: missing, second, diagnose, again }: FallbackHostParts): Host {
  let reason = missing;
  const other = second(() => reason);
  let current = first ?? other;

  async function fall(what: string) {
    reason = await diagnose(what);
    current = other;
    return other.join(null);
  }

  return {
    get kind() {
      return current.kind;
    },
    get reason() {
      return current.reason;
    },
    watch: (lock, fn) => current.watch(lock, fn),
    async join(dead, failed) {
      if (current === other) return other.join(dead, failed);
      if (failed && !again()) return fall(failed.message);
      try {
        return await current.join(dead);
      } catch (error) {
        return fall(String(error));
      }
    },
  };
}
