import type { Conflict } from '../../../src/client/models/conflicts.ts';
import type { Attributes } from '../../../src/protocol/attributes.ts';
import { followed } from './page.ts';

/** A followed model of {title, note}, and the conflicts that its application heard of. */
export async function edited(edit: object, properties: object = {}) {
  const page = await followed({ title: 'Old', note: 'Old' }, properties);
  const told: Conflict[] = [];
  page.tasks.on('medulla:conflict', (_model: unknown, conflict: Conflict) => told.push(conflict));
  if (Object.keys(edit).length) page.model.set(edit);
  return { ...page, told, stateOf: () => page.medulla.stateOf(page.model) };
}

/** What a receipt says of a conflict with this record. */
export const conflictWith = (attrs: Attributes, version = 6) => ({
  type: 'conflict',
  code: 'conflict',
  message: 'It was changed',
  current: { version, attrs },
});
