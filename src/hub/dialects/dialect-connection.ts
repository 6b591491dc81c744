import type { Connection } from '../connection.ts';
import { Answered } from './answered.ts';
import { DialectLink } from './dialect-link.ts';
import type { DialectParts } from './link-parts.ts';

/**
 * The hub's connection over a wire that has neither offsets nor receipts: this side numbers the changes itself, in one
 * count for all topics, and keeps the receipts for as long as the hub lives.
 *
 *   hub ──push──▶ link ──call──▶ wire ──▶ server
 *    ▲             │  ◀─answer────┘          │
 *    ├── change ───┤ mirror ◀── changed, stale, or read again
 *    └── receipt ──┘
 */
export function dialectConnection(parts: DialectParts): Connection {
  const answered = new Answered();
  // A hub that starts anew counts on from above what an earlier one has come to: no number takes less than a microsecond,
  // and what a clock has said that was ahead is told by the cursors and versions that are asked with.
  let offset = Math.max(1, Math.floor(parts.clock.now() * 1_000));
  const next = () => ++offset;
  const reach = (known: number) => {
    offset = Math.max(offset, known);
  };
  return {
    connect: (hello, listener) => new DialectLink({ ...parts, answered, next, reach }, hello, listener),
  };
}
