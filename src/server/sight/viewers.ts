import type { LiveChanges } from '../../protocol/change.ts';
import type { Topic } from '../../protocol/ids.ts';
import type { Run } from '../publish/run.ts';
import type { Sight } from './sight.ts';

/** Whoever follows a topic of which not everybody sees all. */
export interface Viewer {
  readonly sight: Sight;
  tell(changes: LiveChanges): void;
}

/** The topics of which each who follows them here sees something else: changes are told one by one. */
export class Viewers {
  readonly #topics = new Map<Topic, Set<Viewer>>();

  join(topic: Topic, viewer: Viewer): void {
    const viewers = this.#topics.get(topic);
    if (viewers) viewers.add(viewer);
    else this.#topics.set(topic, new Set([viewer]));
  }

  leave(topic: Topic, viewer: Viewer): void {
    const viewers = this.#topics.get(topic);
    if (viewers?.delete(viewer) && viewers.size === 0) this.#topics.delete(topic);
  }

  /** Tells each of them what they see of it; false = the topic is not one of these. */
  tell(run: Run): boolean {
    const viewers = this.#topics.get(run.topic);
    if (!viewers) return false;
    for (const viewer of [...viewers]) tell(viewer, run);
    return true;
  }
}

/** A change that is not seen is told by its offset alone: what its author awaits ends by that. Who cannot be told hears where the topic stands, and asks. */
export function tell({ sight, tell }: Viewer, { topic, from, to, mark, entries, images }: Run): void {
  const seen = sight.entries(entries, images);
  tell({ topic, from: seen ? from : to, to, mark, entries: seen ?? [] });
}
