import type { RecordKey, Topic } from '../../protocol/ids.ts';
import type { WireChange, WireListener } from './wire.ts';

/** Changes that wait while a create is on its way of which the server gives the id: they may be of the very record that it makes. */
export class HeldChanges {
  readonly #topics = new Map<Topic, { creates: number; isHidden: boolean; changes: WireChange[] }>();
  readonly #listener: Pick<WireListener, 'changed' | 'stale'>;

  constructor(listener: Pick<WireListener, 'changed' | 'stale'>) {
    this.#listener = listener;
  }

  /** Whether it waits, which is of a record that is not known. */
  hold(change: WireChange): boolean {
    return this.#topics.get(change.topic)?.changes.push(change) !== undefined;
  }

  /** Takes out of what was read what is not known yet, where it may be such a record: it is read again. */
  hide<V>(topic: Topic, now: Map<RecordKey, V>, known: ReadonlyMap<RecordKey, unknown>): void {
    const held = this.#topics.get(topic);
    if (held) for (const key of now.keys()) if (!known.has(key)) held.isHidden = now.delete(key);
  }

  /** Such a create is on its way. Returns what is to be called once it is told. */
  creating(topic: Topic): () => void {
    const held = this.#topics.get(topic) ?? { creates: 0, isHidden: false, changes: [] };
    this.#topics.set(topic, held);
    held.creates++;
    return () => {
      if (--held.creates > 0) return;
      this.#topics.delete(topic);
      for (const change of held.changes) this.#listener.changed(change);
      if (held.isHidden) this.#listener.stale(topic);
    };
  }
}
