import type Backbone from 'backbone';
import type { Medulla } from 'backbone-medulla';
import type { Order, Told } from '../words.ts';

interface Item extends Backbone.Model {
  retry(edit?: object): void;
  discard(): void;
}

/** Tells what the outbox shows as rejected. Returns how to decide about one of them. */
export function watchDecisions(medulla: Medulla<typeof Backbone>, tell: (told: Told) => void) {
  const outbox = medulla.outbox as Backbone.Collection;
  const about = (item: Backbone.Model) => ({
    id: String(item.id),
    record: `${item.get('topic')}/${item.get('record')}`,
    method: String(item.get('method')),
  });
  outbox.on('add change:state', (item: Backbone.Model) => {
    if (item.get('state') !== 'rejected') return;
    tell({ type: 'rejected', ...about(item), code: String(item.get('receipt')?.code) });
  });
  return ({ mark, chance, decision }: Order, edit: (item: Backbone.Model) => void): void => {
    const rejected = outbox.filter((item) => item.get('state') === 'rejected') as Item[];
    const item = rejected[Math.floor(chance * rejected.length)];
    if (!item) return;
    if (decision === 'edit') {
      edit(item);
      return;
    }
    tell({ type: 'decided', ...about(item), decision: decision ?? 'discard', mark });
    if (decision !== 'retry') item.discard();
    else if (item.get('method') === 'delete') item.retry();
    else item.retry({ title: `tried again ${mark}`, [mark]: 1 });
  };
}
