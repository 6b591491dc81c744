import type { Attributes } from '../../protocol/attributes.ts';
import type { Context } from '../resource/context.ts';

type Names = Readonly<Record<string, string>>;

/** Does one write, whole or not at all. What it returns counts only where the backend gives the id: a create's then, or a record that has it. */
export type Write<A extends object = Attributes, P extends object = Names> = (ctx: Context<A, P>) => unknown;

/**
 * A resource's own backend, as a database of the application's or another server, in the store's place. The store keeps receipts,
 * the topics' logs and what was told last of each record, and nobody reads that.
 *
 * What is promised: a handler runs **at least once** for each write that is applied, and where it takes note of `ctx.user` and `ctx.ids`
 * together with what it does, and does nothing where they are known to it, the effect is there **exactly once**. It is called again, with
 * the same, where the server died before the receipt was kept, or another wrote the record meanwhile. What is told is what `read` says
 * of the record after that, never what the handler made of it: all who follow end with what the backend has.
 */
export interface Handlers<A extends object = Attributes, P extends object = Names> {
  /** The topic's records, a list; with a `ctx.record` that one, or null. Asked for each write, before it and after it. */
  readonly read: (ctx: Context<A, P>) => unknown;
  /** Where `ctx.record` is null the id is the backend's to give. Nobody can do here what there is no handler for. */
  readonly create?: Write<A, P>;
  /** Also for a patch, where that has none of its own. */
  readonly update?: Write<A, P>;
  readonly patch?: Write<A, P>;
  /** Of what is not there any more: that is done, too. */
  readonly delete?: Write<A, P>;
}
