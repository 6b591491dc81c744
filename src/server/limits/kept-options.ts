import type { Attributes } from '../../protocol/attributes.ts';
import { MedullaError } from '../../protocol/errors.ts';
import type { Topic } from '../../protocol/ids.ts';

/** What was said with topics that are followed, in a bounded room: as text, which takes as much of it as is counted. */
export class KeptOptions {
  readonly #most: number;
  readonly #texts = new Map<Topic, string>();
  #size = 0;

  constructor(most: number) {
    this.#most = most;
  }

  of(topic: Topic): Attributes | undefined {
    const text = this.#texts.get(topic);
    return text === undefined ? undefined : JSON.parse(text);
  }

  /** In place of what was said before. Throws a MedullaError where there is no room for it: then nothing is kept of the topic. */
  keep(topic: Topic, options: Attributes): void {
    this.forget(topic);
    const text = JSON.stringify(options);
    const size = topic.length + text.length;
    if (size > this.#most) throw new MedullaError('too-large', `The options ${this.#tooMuch(topic)}`);
    if (this.#size + size > this.#most)
      throw new MedullaError('rate', `The options of all that is followed ${this.#tooMuch(topic)}`);
    this.#texts.set(topic, text);
    this.#size += size;
  }

  forget(topic: Topic): void {
    const text = this.#texts.get(topic);
    if (text === undefined) return;
    this.#texts.delete(topic);
    this.#size -= topic.length + text.length;
  }

  #tooMuch(topic: Topic): string {
    return `take at most ${this.#most} bytes: those of ${topic.slice(0, 100)} are more.`;
  }
}
