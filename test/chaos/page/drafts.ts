import type Backbone from 'backbone';
import type { Mark, Told } from '../words.ts';

interface Draft {
  readonly mark: Mark;
  readonly record: string;
  readonly collection: Backbone.Collection;
  /** Something came that might have overwritten it. */
  challenge: 'none' | 'met' | 'told';
}

/** P10: what was typed into a model and not saved, always its title, which everybody else writes. */
export function drafts(collections: readonly Backbone.Collection[], tell: (told: Told) => void) {
  const open = new Map<Backbone.Model, Draft>();
  const textOf = ({ mark }: Draft) => `typed ${mark}`;
  const challenge = (model: Backbone.Model) => {
    const draft = open.get(model);
    if (draft?.challenge === 'none') draft.challenge = 'met';
  };
  for (const collection of collections) {
    collection.on('change', (model: Backbone.Model, options: { remote?: boolean }) => {
      if (options.remote) challenge(model);
    });
    collection.on('sync', challenge);
  }
  const drafts = {
    type(model: Backbone.Model, mark: Mark): void {
      if (open.has(model)) return;
      const { collection } = model;
      const record = `${String(collection.url)}/${model.id}`;
      open.set(model, { mark, record, collection, challenge: 'none' });
      model.set({ title: `typed ${mark}` });
      tell({ type: 'typed', mark, record });
    },
    /** It is saved now, or goes with its model. */
    forget(model: Backbone.Model): void {
      drafts.check();
      open.delete(model);
    },
    /** It went along with a write: a patch of a record that is gone elsewhere is the whole record. */
    left(record: string, title: unknown): void {
      for (const [model, draft] of open)
        if (draft.record === record && title === textOf(draft)) open.delete(model);
    },
    models: () => [...open.keys()],
    /** Tells what is there no more, and what has withstood something, once each. */
    check(): void {
      for (const [model, draft] of open) {
        const { mark, record, collection } = draft;
        const isHere = collection.models.includes(model);
        if (isHere && model.get('title') === textOf(draft)) {
          if (draft.challenge === 'met') tell({ type: 'withstood', mark, record });
          if (draft.challenge === 'met') draft.challenge = 'told';
          continue;
        }
        open.delete(model);
        const now = isHere ? JSON.stringify(model.get('title')) : 'not in its collection';
        tell({ type: 'overwritten', mark, record, now });
      }
    },
  };
  return drafts;
}
