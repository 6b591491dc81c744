import { fits } from '../../base/shape.ts';
import { type Attributes, attributes } from '../../protocol/attributes.ts';
import type { Mutation } from '../../protocol/mutation.ts';
import type { Piece } from '../../protocol/tab-down.ts';
import type { Phase } from '../outbox/entry.ts';

/** A mutation and where it is on its way: both hold attributes. */
export interface Holder {
  readonly mutation: Mutation;
  readonly phase: Phase;
}

/** What `gone` holds are the old values of what is unset: their names are all that is wanted. */
const NAMES = ['set', 'was', 'gone', 'edit', 'current'] as const;
type Name = (typeof NAMES)[number];
type Attrs = Partial<Record<Name, Attributes>>;

function attrsOf({ mutation, phase }: Holder): Attrs {
  const { method, set, unset, was } = mutation;
  const current = phase.type === 'rejected' && 'current' in phase.receipt && phase.receipt.current;
  return {
    set,
    // What a delete found is for people to see: it does not wait for that.
    ...(method !== 'delete' && { was }),
    gone: Object.fromEntries(unset.map((name) => [name, was[name] ?? null])),
    ...(phase.type === 'withdrawing' && phase.edit && { edit: phase.edit }),
    ...(current && { current: current.attrs }),
  };
}

/** Of nothing nothing is made: what fills in what is missing is not asked about what nobody touched. */
function namesOf(holder: Holder, attrs: Attrs): Name[] {
  return NAMES.filter(
    (name) => attrs[name] && (isWhole(holder, name) || Object.keys(attrs[name]).length > 0),
  );
}

const isWhole = ({ mutation }: Holder, name: Name): boolean =>
  name === 'current' || (name === 'set' && mutation.method === 'create');

/** All in it that has a shape, piece by piece. */
export function piecesOf(holder: Holder): Piece[] {
  const { topic, recordVersion: from = 0 } = holder.mutation;
  const attrs = attrsOf(holder);
  return namesOf(holder, attrs).map((name) => ({
    topic,
    from,
    partial: !isWhole(holder, name),
    attrs: attrs[name] ?? {},
  }));
}

/** The same with the pieces in place, as the tab made them; a text says why there are none. */
export function withPieces(
  holder: Holder,
  pieces: readonly unknown[],
  recordVersion: number,
): Holder | string {
  const before = attrsOf(holder);
  const after: Attrs = {};
  for (const [i, name] of namesOf(holder, before).entries()) {
    const made = madeOf(pieces[i]);
    if (typeof made === 'string') return made;
    after[name] = made;
  }
  const { set = {}, gone = {}, was = {}, edit, current } = after;
  const unset = Object.keys(gone).filter((name) => !Object.hasOwn(set, name));
  const touched = Object.entries(was).filter(([name]) => Object.hasOwn(set, name) || unset.includes(name));
  const mutation = { ...holder.mutation, set, unset, was: Object.fromEntries(touched), recordVersion };
  let { phase } = holder;
  if (edit && phase.type === 'withdrawing') phase = { ...phase, edit };
  if (current && phase.type === 'rejected' && phase.receipt.type === 'conflict' && phase.receipt.current)
    phase = {
      ...phase,
      receipt: { ...phase.receipt, current: { ...phase.receipt.current, attrs: current } },
    };
  return { mutation, phase };
}

/** What the tab made of a piece, or why it could not. */
export function madeOf(piece: unknown): Attributes | string {
  if (typeof piece === 'string') return piece;
  return fits(attributes, piece) ? piece : 'migrate returned what is not attributes';
}
