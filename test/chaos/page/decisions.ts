import type Backbone from 'backbone';
import type { Medulla } from 'backbone-medulla';
import type { Item, Order, Told } from '../words.ts';

interface Decidable extends Backbone.Model {
  retry(edit?: object): void;
  discard(): void;
}

/** Tells what the outbox shows as rejected. Returns how to decide about one of them. */
export function watchDecisions(medulla: Medulla<typeof Backbone>, tell: (told: Told) => void) {
  const outbox = medulla.outbox as Backbone.Collection;
  const about = (item: Backbone.Model): Item => ({
    id: String(item.id),
    record: `${item.get('topic')}/${item.get('record')}`,
    method: String(item.get('method')),
    state: String(item.get('state')),
    title: String(item.get('set')?.title),
  });
  outbox.on('add change:state', (item: Backbone.Model) => {
    if (item.get('state') !== 'rejected') return;
    tell({ type: 'rejected', ...about(item), code: String(item.get('receipt')?.code) });
  });
  return {
    items: () => outbox.map(about),
    decide({ mark, chance, decision, item: id }: Order, edit: (item: Backbone.Model) => void): void {
      const rejected = outbox.filter((item) => item.get('state') === 'rejected') as Decidable[];
      const item =
        id === undefined
          ? rejected[Math.floor(chance * rejected.length)]
          : (outbox.get(id) as Decidable | undefined);
      if (!item) return;
      if (decision === 'edit') {
        edit(item);
        return;
      }
      tell({ type: 'decided', ...about(item), decision: decision ?? 'discard', mark });
      if (decision !== 'retry') item.discard();
      else if (item.get('method') === 'delete') item.retry();
      else item.retry({ title: `tried again ${mark}`, [mark]: 1 });
    },
  };
}
