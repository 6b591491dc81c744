import type { Topic } from '../../protocol/ids.ts';
import type { WireChange } from './wire.ts';

/** Changes that wait while a create is on its way of which the server gives the id: they may be of the very record that it makes. */
export class HeldChanges {
  readonly #topics = new Map<Topic, { creates: number; changes: WireChange[] }>();
  readonly #tell: (change: WireChange) => void;

  constructor(tell: (change: WireChange) => void) {
    this.#tell = tell;
  }

  /** Whether it waits, which is of a record that is not known. */
  hold(change: WireChange): boolean {
    return this.#topics.get(change.topic)?.changes.push(change) !== undefined;
  }

  /** Such a create is on its way. Returns what is to be called once it is told. */
  creating(topic: Topic): () => void {
    const held = this.#topics.get(topic) ?? { creates: 0, changes: [] };
    this.#topics.set(topic, held);
    held.creates++;
    return () => {
      if (--held.creates > 0) return;
      this.#topics.delete(topic);
      for (const change of held.changes) this.#tell(change);
    };
  }
}
