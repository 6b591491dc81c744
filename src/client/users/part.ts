import type { Clock } from '../../base/clock.ts';
import type { Write } from '../../protocol/tab-up.ts';
import type { Session } from '../session.ts';
import type { SessionParts } from '../session-parts.ts';

/** One user's conversation with their hub; the parts are its own to change. */
export interface Tenure {
  readonly parts: { -readonly [Name in keyof SessionParts]: SessionParts[Name] };
  readonly session: Session;
}

const ignore = () => undefined;

/**
 * Takes leave of a user's hub. What was written as that user, and is not known to be durable there, is handed over
 * first, to whichever hub is theirs then. Resolves when it is, or after `deadline` milliseconds.
 */
export function part(
  { parts, session }: Tenure,
  writes: readonly Write[],
  { clock, deadline = 5000 }: { readonly clock: Clock; readonly deadline?: number | undefined },
): Promise<void> {
  const rest = new Map(writes.map((write) => [Number(write.mutation.id.split(':').pop()), write]));
  return new Promise((resolve) => {
    const end = () => {
      cancel();
      session.hide();
      resolve();
    };
    const cancel = clock.after(deadline, end);
    Object.assign(parts, {
      auth: () => null,
      welcomed: ignore,
      told: ignore,
      failed: end,
      // What this tab holds by now is another user's.
      names: () => ({ temporaries: [], aliases: [] }),
      replay: (repeated) => [
        { type: 'writes', writes: [...rest.values()].map((write) => ({ ...write, repeated })) },
      ],
      batch({ settlements }) {
        for (const { n } of settlements) rest.delete(n);
        if (rest.size === 0) end();
      },
    } satisfies Partial<SessionParts>);
    if (rest.size === 0) end();
  });
}
