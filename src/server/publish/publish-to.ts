import { MedullaError } from '../../protocol/errors.ts';
import type { Topic } from '../../protocol/ids.ts';
import type { Publication, Resource } from '../resource/resource.ts';
import { nobodyAnswers } from '../resource/resources.ts';
import type { SessionParts } from '../session/session-parts.ts';
import type { StoreWrite } from '../store.ts';
import { checkSizes } from './check-sizes.ts';
import { publicationWrites } from './publication-writes.ts';

type Parts = Pick<SessionParts, 'store' | 'resources' | 'limits' | 'commit'>;

/** Makes changes of the server's own once the store is `ready`, all or none. Resolves with the topic's offset after them. */
export async function publishTo(
  { store, resources, limits, commit }: Parts,
  topic: Topic,
  change: Publication | readonly Publication[],
  ready: Promise<void>,
): Promise<number> {
  const match = typeof topic === 'string' ? resources.match(topic) : null;
  if (!match) throw nobodyAnswers(topic);
  const writes = publicationWrites(topic, change, besides(match.resource), limits.record);
  await ready;
  if (writes.length > 1) await checkSizes(store, writes);
  const outcomes = await commit(writes);
  for (const outcome of outcomes) {
    if (outcome.type === 'failed') throw outcome.error;
    const refusal = outcome.type === 'receipts' && outcome.receipts.find(({ type }) => type === 'invalid');
    if (refusal && 'message' in refusal) throw new MedullaError('too-large', refusal.message);
  }
  const last = outcomes.at(-1);
  const changed = last?.type === 'receipts' && last.changed;
  return (changed ? changed.cursor : await store.head(topic)).offset;
}

/** Of what handlers keep the whole record is published: nothing here knows the rest, nor what was shown of it before. */
const besides = ({ options: { handlers, filter } }: Resource): Pick<StoreWrite, 'elsewhere' | 'images'> => ({
  ...(handlers && { elsewhere: true }),
  ...(filter && { images: { before: handlers ? undefined : null } }),
});
