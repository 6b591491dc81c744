import { edited, type Mutation } from '../../protocol/mutation.ts';
import type { HubContext } from '../context.ts';
import { type Entry, isRefused, rowOf } from '../outbox/entry.ts';

/**
 * What is refused with the create that it was folded into, or right behind one, is one with it from now on: they are
 * shown, tried again and given up together. Whether it is.
 */
export function joinRefused({ outbox, outlet, journal }: HubContext, entry: Entry): boolean {
  const lane = outbox.laneOf(entry);
  const create = lane[lane.indexOf(entry) - 1];
  if (!create?.kept || !isRefused(create) || !isRefused(entry)) return false;
  const [made, { set, unset }] = [create.mutation, entry.mutation];
  if (made.method !== 'create' || !isPart(entry.mutation) || made.batch) return false;
  outbox.change(create, { mutation: { ...made, set: edited(made.set, set, unset) } });
  outbox.remove(entry);
  for (const one of [create, entry]) outlet.item(one);
  journal.write([
    { type: 'putMutation', row: rowOf(create) },
    { type: 'deleteMutation', order: entry.order },
  ]);
  return true;
}

const isPart = ({ method, batch }: Mutation): boolean =>
  !batch && (method === 'update' || method === 'patch');
