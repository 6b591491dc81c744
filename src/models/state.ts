import type { Attributes } from '../protocol/attributes.ts';
import type { RecordId } from '../protocol/ids.ts';

/** A model and what it is made of, as JSON. */
export interface ModelState {
  /** Null: it has none yet. */
  readonly id: RecordId | null;
  readonly cid: string;
  /** What its `toJSON` gives, which its `parse` is to take. */
  readonly attributes: Attributes;
  /** The models that it has as properties, by name. */
  readonly models?: Readonly<Record<string, ModelState>>;
  /** The collections that it has as properties, by name. */
  readonly collections?: Readonly<Record<string, CollectionState>>;
}

/** A collection and its models in their order, as JSON. */
export interface CollectionState {
  readonly id: RecordId | null;
  readonly models: readonly ModelState[];
}
