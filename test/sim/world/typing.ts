import type Backbone from 'backbone';
import { type RecordKey, recordKey, type Topic } from '../../../src/protocol/ids.ts';
import type { Batch } from '../../../src/protocol/tab-down.ts';

type Model = Backbone.Model;

/** A value that a user typed and that nobody else may take away. */
export interface Typed {
  readonly model: Model;
  readonly topic: Topic;
  readonly name: string;
  readonly value: unknown;
  /**
   * `saved`: by a call that has no answer yet; `queued`: answered with 202; `failed`: the call failed, for now or for good.
   */
  state: 'unsaved' | 'saved' | 'queued' | 'failed';
  /** The user asked for the server's values while it was on its way. */
  isFetched: boolean;
  /** Something else has come in for it since it was last looked at. */
  challenged: boolean;
  /** The hub has shown it as it was typed: as the server's, or as a refused write's. */
  isShown: boolean;
}

/** How a save ended, as its callback told. */
export type Heard = (isDone: boolean, status: number) => void;

/** Keeps what the users of one tab typed, until it is confirmed, or given up by themselves. */
export class Typing {
  readonly #held = new Set<Typed>();
  readonly #known = new WeakSet<Model>();

  get held(): Iterable<Typed> {
    return this.#held;
  }

  typed(model: Model, name: string, value: unknown): void {
    this.#hold(model, name, value, 'unsaved');
  }

  /** A save of these was just called, and `unsaved` are left; returns who is to hear how it ends. What the user typed before may have gone with it. */
  saved(
    model: Model,
    attrs: Readonly<Record<string, unknown>>,
    {
      wait = false,
      isWhole,
      asWas,
      edits,
      unsaved,
    }: {
      readonly wait?: boolean;
      readonly isWhole: boolean;
      /** Of `attrs`, what the model had already and had not changed: nothing of these was sent. */
      readonly asWas: readonly string[];
      /** What was unsaved before the call. */
      readonly edits: readonly string[];
      readonly unsaved: () => readonly string[];
    },
  ): Heard {
    // With `wait` it is all still unsaved, and goes all the same.
    const left = isWhole ? [] : unsaved();
    // What failed is unsaved again, and goes again.
    const isToGo = ({ state, name }: Typed) =>
      state === 'unsaved' || (state === 'failed' && edits.includes(name));
    const mine = this.#of(model).filter((typed) => isToGo(typed) && !left.includes(typed.name));
    // What goes comes after what another instance has saved, also where a fetch was to overwrite it and has not yet.
    for (const name of edits) if (!left.includes(name)) this.#followed(model, name);
    for (const typed of mine) {
      typed.state = 'saved';
      this.#held.add(typed);
    }
    for (const [name, value] of Object.entries(attrs)) {
      if (asWas.includes(name)) continue;
      this.undone(model, name);
      // With `wait` the model has it with the answer only.
      if (!wait && typeof value !== 'object') mine.push(this.#hold(model, name, value, 'saved'));
    }
    return (isDone, status) => {
      for (const typed of mine) {
        if (typed.state !== 'saved') continue;
        if (status === 202) typed.state = 'queued';
        // What was saved as it was is no edit.
        else if (isDone || typed.isFetched || !unsaved().includes(typed.name)) this.#held.delete(typed);
        else typed.state = 'failed';
      }
    };
  }

  /** The user took it back. */
  undone(model: Model, name: string): void {
    for (const typed of this.#of(model)) if (typed.name === name) this.#held.delete(typed);
    this.#followed(model, name);
  }

  /** Another instance of the record was saved in this tab: it comes after what was saved here, of this name or of any. */
  #followed(model: Model, name?: string): void {
    const topic = String(model.collection?.url);
    for (const typed of this.#held)
      if (
        typed.topic === topic &&
        typed.model.id === model.id &&
        (name === undefined || typed.name === name) &&
        typed.state !== 'unsaved'
      )
        this.#held.delete(typed);
  }

  /** A fetch is called: it may overwrite what was typed before it, and is not saved. */
  fetched(models: readonly Model[]): void {
    for (const typed of this.#held) {
      if (!models.includes(typed.model)) continue;
      if (typed.state === 'unsaved' || typed.state === 'failed') this.#held.delete(typed);
      else typed.isFetched = true;
    }
  }

  /** The user deletes the record: what was typed here, and what another instance in this tab has saved of it. */
  destroyed(model: Model): void {
    this.left([model]);
    this.#followed(model);
  }

  /** The user lets the models go. */
  left(models: readonly Model[]): void {
    for (const typed of this.#held) if (models.includes(typed.model)) this.#held.delete(typed);
  }

  /** The user decided about a write of this record. */
  decided(topic: unknown, key: RecordKey): void {
    for (const typed of this.#held)
      if (typed.topic === topic && recordKey(typed.model.id) === key) this.#held.delete(typed);
  }

  /** A batch of the hub's arrives. */
  heard({ values, answers }: Batch, unsaved: (model: Model) => readonly string[]): void {
    const rows = answers.flatMap((answer) => (answer.type === 'rows' ? answer.rows : []));
    for (const typed of this.#held) {
      const { model, name, value, state } = typed;
      // The server has it after all, as with a write that failed for want of an answer, or the outbox shows it as what was
      // refused: what equals theirs is no edit, and others may change it.
      if (state === 'failed' && typed.isShown && model.get(name) === value && !unsaved(model).includes(name))
        this.#held.delete(typed);
      const key = recordKey(model.id);
      for (const { topic, record, attrs, state } of values) {
        if (topic !== typed.topic || recordKey(record) !== key) continue;
        typed.challenged ||= attrs === null || attrs[name] !== value;
        typed.isShown ||= state !== 'pending' && attrs?.[name] === value;
      }
      typed.isShown ||= rows.some(([record, , attrs]) => recordKey(record) === key && attrs[name] === value);
    }
  }

  #of(model: Model): Typed[] {
    return [...this.#held].filter((typed) => typed.model === model);
  }

  #hold(model: Model, name: string, value: unknown, state: Typed['state']): Typed {
    this.undone(model, name);
    if (!this.#known.has(model)) {
      this.#known.add(model);
      const ended = () => {
        for (const typed of this.#of(model))
          if (typed.state === 'queued' || typed.state === 'failed') this.#held.delete(typed);
      };
      model.on('medulla:confirmed medulla:rejected', ended);
    }
    const topic = String(model.collection?.url) as Topic;
    const typed: Typed = {
      model,
      topic,
      name,
      value,
      state,
      challenged: false,
      isFetched: false,
      isShown: false,
    };
    this.#held.add(typed);
    return typed;
  }
}
