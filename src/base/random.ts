/** Chance comes in by the door, so that a seed replays a run. */
export interface Random {
  /** A number in [0, 1). */
  next(): number;
  /** A short id that nobody else has: 22 characters of base 64, about 128 bits. */
  id(): string;
}

/** Draws from the platform's cryptographic source. */
export const systemRandom: Random = {
  next: () => Math.random(),
  id() {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    return btoa(String.fromCharCode(...bytes)).slice(0, 22);
  },
};
