import type { Entry } from '../../protocol/change.ts';
import { recordKey } from '../../protocol/ids.ts';
import type { Missed } from '../store.ts';
import type { Images } from './seen-entry.ts';

/** What the record of each entry was, as a log tells it; null = that is not known, undefined = of none. */
export const imagesOf = (entries: readonly Entry[], images: Missed['images']) =>
  images &&
  entries.map(([id]): Images | null => {
    const [first, ...more] = images.get(recordKey(id)) ?? [];
    return first === undefined ? null : [first, ...more];
  });
