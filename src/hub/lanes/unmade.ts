import { isWhole } from '../../protocol/laying.ts';
import type { Mutation } from '../../protocol/mutation.ts';
import type { Receipt } from '../../protocol/receipt.ts';
import type { HubContext } from '../context.ts';
import type { Entry } from '../outbox/entry.ts';
import { keyOf, laid } from '../view.ts';

/**
 * A refused write as it is kept. One that said all of a record which is not there, as is known here, was to make it: it
 * is a create, and stays visible as such. Of a topic that is not caught up nobody here can say that.
 */
export function unmade({ outbox, replica }: HubContext, entry: Entry, receipt: Receipt): Mutation {
  const { mutation } = entry;
  const topic = replica.get(mutation.topic);
  if (mutation.method !== 'update' || !isWhole(mutation) || !topic?.current) return mutation;
  if (receipt.type === 'conflict' && receipt.current) return mutation;
  const lane = outbox.laneOf(entry);
  const before = lane.slice(0, lane.indexOf(entry)).reduce(laid, topic.attrs(keyOf(entry)));
  return before ? mutation : { ...mutation, method: 'create', was: {} };
}
