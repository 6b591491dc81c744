/** Chance comes in by the door, so that a seed replays a run. */
export interface Random {
  /** A number in [0, 1). */
  next(): number;
  /** A short id that nobody else has: 22 characters of base 64 url alphabet, about 128 bits. */
  id(): string;
}

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

/** Draws from the platform's cryptographic source. */
export const systemRandom: Random = {
  next: () => Math.random(),
  id() {
    let text = '';
    for (const byte of crypto.getRandomValues(new Uint8Array(22))) text += ALPHABET[byte & 63];
    return text;
  },
};
