import type { Clock } from './clock.ts';
import type { Random } from './random.ts';

/** A UUIDv7: 48 bits of the time in milliseconds, then chance, so that ids made later sort later. */
export function uuid(clock: Clock, random: Random): string {
  const part = (digits: number, value = random.next() * 16 ** digits) =>
    Math.floor(value).toString(16).padStart(digits, '0');
  const time = part(12, clock.now());
  const variant = part(4, 0x8000 + random.next() * 0x4000);
  return `${time.slice(0, 8)}-${time.slice(8)}-7${part(3)}-${variant}-${part(12)}`;
}
