import { ANONYMOUS, type Topic } from '../../protocol/ids.ts';
import type { Publication } from '../resource/resource.ts';
import { asAttributes } from '../resource/validate.ts';
import type { StoreWrite } from '../store.ts';

/** What the server itself wants changed, as writes: they need no permission, have no receipts and know no conflict. */
export function publicationWrites(
  topic: Topic,
  change: Publication | readonly Publication[],
  limit: number,
): StoreWrite[] {
  const changes = Array.isArray(change) ? (change as readonly Publication[]) : [change as Publication];
  return changes.map((publication) => {
    const isDeleted = 'deleted' in publication;
    const set = asAttributes(isDeleted ? {} : (publication.set ?? {}));
    const unset = isDeleted ? [] : (publication.unset ?? []);
    return {
      ids: [],
      user: ANONYMOUS,
      topic,
      record: publication.record,
      method: isDeleted ? 'delete' : 'update',
      set,
      unset,
      base: null,
      was: {},
      conflict: 'merge',
      sent: { set, unset },
      limit,
      number: 0,
    };
  });
}
