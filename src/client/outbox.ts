import type { MutationId } from '../protocol/ids.ts';
import type { Mutation } from '../protocol/mutation.ts';
import type { Batch, OutboxItem } from '../protocol/tab-down.ts';
import type { Decision } from '../protocol/tab-up.ts';
import type { Backbone, Hash, Model, Collection as Shown } from './backbone.ts';
import { createOutboxItems } from './batch/outbox-items.ts';
import type { Following } from './models/following.ts';
import { snapshot } from './models/snapshot.ts';

export interface OutboxParts {
  readonly backbone: Backbone;
  readonly post: (decision: Decision) => void;
  readonly following: Pick<Following, 'decided'>;
}

/** The hub's outbox as a collection; nothing of it is held here but what the hub shows. */
export function createOutbox({ backbone: { Model, Collection }, post, following }: OutboxParts) {
  function decide({ id, attributes }: Model, decision: Pick<Decision, 'decision' | 'edit'>) {
    const { state, receipt, mutations, ...item } = attributes as OutboxItem &
      Mutation & { mutations?: Mutation[] };
    for (const mutation of mutations ?? [item])
      if (state === 'rejected') following.decided({ ...decision, mutation });
    // Of a batch the one that was to blame is what an edit is for; the hub decides about all.
    const blamed = mutations?.find((mutation) => receipt?.ids.includes(mutation.id));
    post({ type: 'decide', id: blamed?.id ?? (id as MutationId), ...decision });
  }
  const items = createOutboxItems();
  const Item = Model.extend({
    /** Sends it again as a new mutation, with `edit` laid on what it set. */
    retry(this: Model, edit?: Hash) {
      decide(this, { decision: 'retry', ...(edit ? { edit: snapshot(edit, true) } : {}) });
    },
    /** Gives it up. */
    discard(this: Model) {
      decide(this, { decision: 'discard' });
    },
    export(this: Model) {
      return snapshot(this.attributes);
    },
  });
  const outbox = new (Collection.extend({
    model: Item,
    export: (): Hash[] => outbox.models.map(({ attributes }) => snapshot(attributes)),
  }))() as Shown;
  return {
    outbox,
    /** Another hub: it shows what it has, and knows nothing of what this one was shown. */
    rejoined(): void {
      items.clear();
      outbox.set([]);
    },
    update(news: NonNullable<Batch['outbox']>): void {
      const { now, over } = items.update(news);
      outbox.set(now, { remove: false });
      outbox.remove(over.flatMap((id) => outbox.get(id) ?? []));
    },
  };
}
