import type { Json } from '../../base/json.ts';
import type { Piece } from '../../protocol/tab-down.ts';
import { snapshot } from './snapshot.ts';

/**
 * `from`: the `recordVersion` of the page that wrote them. `partial`: they are not a whole record, but those that an
 * update touches, or what these were before it.
 */
export type Migrate = (
  attrs: Record<string, Json>,
  about: { readonly topic: string; readonly from: number; readonly partial: boolean },
) => object;

export interface MigratedParts {
  readonly migrate?: Migrate;
  readonly report: (error: unknown) => void;
}

/** The pieces in this page's shape; a text says why there is none. */
export const migrated = (pieces: readonly Piece[], { migrate, report }: MigratedParts) =>
  pieces.map(({ attrs, ...about }) => {
    try {
      // One that changes what it was given need not return it.
      const made = migrate?.(attrs, about) ?? attrs;
      if ('then' in made) throw new TypeError('migrate returned a promise');
      return snapshot(made, true);
    } catch (error) {
      report(error);
      return String(error);
    }
  });
