import { equalJson } from '../../../src/base/json.ts';
import { type RealId, renamed } from '../../../src/protocol/aliases/renamed.ts';
import type { MutationId } from '../../../src/protocol/ids.ts';
import type { Mutation } from '../../../src/protocol/mutation.ts';
import type { Sent } from '../../../src/protocol/server-up.ts';
import { type Body, folded, laid } from './reference.ts';

/** What users laid on writes when they had them tried again. */
const EDITS = [{}, { title: 'edited' }];
/** A refused create may have taken the place of another, and that of another. */
const DEEP = 5;

interface Intent {
  readonly device: string;
  readonly lane: string;
  /** Undefined: a hub named it, when its user had another tried again. */
  readonly own: Body | undefined;
}

export interface IntentsParts {
  readonly hadEffect: (id: MutationId) => boolean;
  /** One name for a record that has had two. */
  readonly named: (mutation: Mutation) => string;
  /** The id that the server gave. */
  readonly real: RealId;
}

/** What users wrote and decided, from which all that hubs push has to follow. */
export class Intents {
  readonly #known = new Map<MutationId, Intent>();
  readonly #lanes = new Map<string, MutationId[]>();
  /** Of one question. */
  readonly #found = new Map<string, readonly Body[]>();
  readonly #parts: IntentsParts;

  constructor(parts: IntentsParts) {
    this.#parts = parts;
  }

  wrote(device: string, mutation: Mutation): void {
    const { method, set, unset, base } = mutation;
    const whole = method === 'create' || (method === 'update' && base === null);
    this.#add(device, mutation, { method, set, unset, ...(whole && { whole }) });
  }

  /** Whether it is what its authors wrote: as it is, folded, on top of a create that was refused, or tried again with an edit. */
  explain(device: string, { mutation, also }: Sent): boolean {
    this.#found.clear();
    const { id } = mutation;
    for (const each of [id, ...also]) this.#add(device, { ...mutation, id: each }, undefined);
    // Folded one after the other: there are more ways to choose the bodies of eight writes than there is memory, and few folds that come of it.
    const all = also.reduce<readonly Body[]>(
      (folds, other) => {
        const bodies = this.#bodies(other, DEEP);
        return distinct(folds.flatMap((fold) => bodies.map((body) => folded([fold, body]))));
      },
      this.#bodies(id, DEEP),
    );
    const { real } = this.#parts;
    return all.some((body) => isSame(renamed(body, real), renamed(mutation, real)));
  }

  #add(device: string, mutation: Mutation, own: Body | undefined): void {
    const { id } = mutation;
    if (this.#known.has(id)) return;
    const lane = `${device} ${this.#parts.named(mutation)}`;
    this.#known.set(id, { device, lane, own });
    this.#lanes.set(lane, [...(this.#lanes.get(lane) ?? []), id]);
  }

  /** All that the write may say by now, each once. */
  #bodies(id: MutationId, depth: number): readonly Body[] {
    const asked = `${id} ${depth}`;
    const found = this.#found.get(asked) ?? distinct(this.#possible(id, depth));
    this.#found.set(asked, found);
    return found;
  }

  #possible(id: MutationId, depth: number): Body[] {
    const intent = this.#known.get(id);
    if (!intent || depth === 0) return [];
    const { own, lane } = intent;
    const others = (this.#lanes.get(lane) ?? []).filter(
      (other) => other !== id && !this.#parts.hadEffect(other),
    );
    const before = () => others.flatMap((other) => this.#bodies(other, depth - 1));
    if (!own)
      return before().flatMap(({ set, ...rest }) =>
        EDITS.map((edit) => ({ ...rest, set: { ...set, ...edit } })),
      );
    if (own.method === 'delete') return [own];
    const creates = before().filter(({ whole }) => whole);
    return [
      own,
      ...creates.flatMap(({ set }): Body[] => {
        const all = { set: laid(set, own.set, own.unset), unset: [] };
        // Where the record is there after all, it is laid on that, and what follows is folded into it as into an update.
        return [
          { method: 'create', whole: true, ...all },
          { method: 'update', ...all },
        ];
      }),
    ];
  }
}

const distinct = (bodies: readonly Body[]): Body[] => [
  ...new Map(bodies.map((body) => [JSON.stringify(body), body])).values(),
];

/** Whether a create goes as a create or as an update of what is there, its hub decides. */
const isSame = (body: Body, { method, set, unset }: Body): boolean =>
  (method === 'delete') === (body.method === 'delete') &&
  equalJson(body.set, set) &&
  equalJson([...body.unset].sort(), [...unset].sort());
