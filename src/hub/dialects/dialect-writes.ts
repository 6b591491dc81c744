import { equalJson, isObject } from '../../base/json.ts';
import type { Attributes } from '../../protocol/attributes.ts';
import { MedullaError } from '../../protocol/errors.ts';
import { isTemporary, type MutationId, type RecordId, recordKey, SINGLETON } from '../../protocol/ids.ts';
import { edited, isWhole } from '../../protocol/laying.ts';
import type { Mutation } from '../../protocol/mutation.ts';
import type { Receipt } from '../../protocol/receipt.ts';
import type { Sent } from '../../protocol/server-up.ts';
import type { DialectTopics } from './dialect-topics.ts';
import { type Call, idNameOf, type LinkParts } from './link-parts.ts';
import type { Step } from './mirror.ts';
import { receiptOf } from './receipt-of.ts';
import { idIn, withoutId } from './rows-of.ts';
import type { Wire, WireAnswer } from './wire.ts';

/** What is sent, and what the record looks like once that is done; `after` null = it is gone. */
interface Plan {
  readonly attrs: Attributes | null;
  /** Of a delete: what is known of the record. */
  readonly was?: Attributes;
  readonly after: Attributes | null;
  /** `after` is all of it. */
  readonly whole: boolean;
}

/** A link's own writes: one call each, and a receipt of this side's making. */
export class DialectWrites {
  readonly #parts: LinkParts;
  readonly #call: Call;
  readonly #topics: DialectTopics;
  readonly #wire: Pick<Wire, 'patches' | 'reads'>;
  readonly #under = new Map<MutationId, Promise<unknown>>();

  constructor(parts: LinkParts, call: Call, topics: DialectTopics, wire: Pick<Wire, 'patches' | 'reads'>) {
    this.#parts = parts;
    this.#call = call;
    this.#topics = topics;
    this.#wire = wire;
  }

  /** Resolves once the write is not on its way any more. */
  async under(id: MutationId): Promise<void> {
    await this.#under.get(id)?.catch(() => undefined);
  }

  async push(sent: Sent): Promise<Receipt> {
    const { mutation, also } = sent;
    const { answered } = this.#parts;
    const ids = [mutation.id, ...also];
    const known = answered.receipt(mutation.id);
    if (known) return { ...known, ids };
    if (mutation.batch) {
      const message = 'This dialect cannot carry a batch: its server takes one write at a time';
      return { type: 'invalid', ids, code: 'batch', message };
    }
    // What answers a second try may be the first one's answer, from before what others have done since.
    const isAgain = answered.isUnknown(mutation.id);
    const first = answered.sending(sent);
    const done = this.#write(first.mutation, [first.mutation.id, ...first.also], isAgain);
    for (const id of ids) this.#under.set(id, done);
    try {
      const receipt = await done;
      answered.told(first, receipt);
      return { ...receipt, ids };
    } finally {
      for (const id of ids) this.#under.delete(id);
    }
  }

  async #write(mutation: Mutation, ids: readonly MutationId[], isAgain: boolean): Promise<Receipt> {
    const { topic, record, options = {} } = mutation;
    const method = mutation.method === 'patch' && this.#wire.patches === false ? 'update' : mutation.method;
    const idAttribute = idNameOf(this.#parts, topic);
    const isUnnamed = isTemporary(record);
    // Its create was folded into it, or refused: the server has never heard of it, and would take it for the whole topic.
    if (isUnnamed && method !== 'create')
      return method === 'delete'
        ? { type: 'applied', ids, offset: this.#topics.lay(topic, [record, null, null], ids) }
        : { type: 'gone', ids, code: 'gone', message: `${topic}/${record} was never made` };
    const told = isUnnamed ? this.#topics.creating(topic) : () => undefined;
    const isMixed = this.#topics.mirror(topic).watch();
    try {
      const plan = await this.#plan(mutation, method, idAttribute);
      if (!plan) return { type: 'gone', ids, code: 'gone', message: `There is no ${topic}/${record}` };
      const { headers = null, query = null, ...rest } = options;
      const answer = await this.#call({
        method,
        topic,
        record: isUnnamed ? null : record,
        attrs: plan.attrs,
        was: plan.was ?? null,
        idAttribute,
        query: isObject(query) ? query : null,
        options: headers ? { ...rest, headers } : rest,
        key: mutation.id,
      });
      const isDoubtful = isAgain || isMixed(record);
      const receipt = this.#applied(mutation, ids, plan, answer, idAttribute);
      if (isDoubtful) this.#topics.doubt(topic);
      return receipt;
    } catch (error) {
      // Without an answer there is no receipt either: nobody knows whether it was done.
      if (!(error instanceof MedullaError) || /^(unreachable|timeout)$/.test(error.code)) throw error;
      const receipt = receiptOf(error, ids, method);
      return receipt ?? { type: 'applied', ids, offset: this.#topics.lay(topic, [record, null, null], ids) };
    } finally {
      isMixed(record);
      told();
    }
  }

  /** Null = there is nothing that it could be laid on. */
  async #plan(mutation: Mutation, method: Mutation['method'], idAttribute: string): Promise<Plan | null> {
    const { topic, record, set, unset, was } = mutation;
    const named = (attrs: Attributes): Attributes =>
      isTemporary(record) || record === SINGLETON ? attrs : { ...attrs, [idAttribute]: record };
    const known = this.#topics.mirror(topic).records.get(recordKey(record))?.attrs;
    switch (method) {
      case 'delete':
        return { attrs: null, was: named(known ?? was), after: null, whole: true };
      case 'create':
        return { attrs: named(set), after: set, whole: true };
      case 'patch': {
        const gone = Object.fromEntries(unset.map((name) => [name, null]));
        return {
          attrs: named({ ...set, ...gone }),
          after: edited(known ?? {}, set, unset),
          whole: false,
        };
      }
      case 'update': {
        // Most wires carry the whole record, and the mutation only what differs.
        const before = isWhole(mutation) ? {} : (known ?? (await this.#unknown(mutation)));
        if (!before) return null;
        const after = edited(before, set, unset);
        return { attrs: named(after), after, whole: true };
      }
    }
  }

  /** A record that is not known here. Null = there is none. */
  async #unknown({ topic, record, seen = {}, options = {} }: Mutation): Promise<Attributes | null> {
    return this.#wire.reads === false ? seen : this.#topics.whole(topic, record, options);
  }

  /** What the server answers is laid over what was sent, as Backbone does. The effect is told before the receipt that names it. */
  #applied(
    mutation: Mutation,
    ids: readonly MutationId[],
    { after, whole }: Plan,
    { content, headers }: WireAnswer,
    idAttribute: string,
  ): Receipt {
    const { topic } = mutation;
    const said = isObject(content) ? content : {};
    const record = this.#recordOf(mutation, said, idAttribute);
    if (record === undefined)
      return {
        type: 'invalid',
        ids,
        code: 'bad-message',
        message: `The server has created a record of ${topic}, but its answer names no ${idAttribute}: it is not known here`,
        details: content,
      };
    const given = record === SINGLETON ? said : withoutId(said, idAttribute);
    const set = Object.fromEntries(
      Object.entries(given).filter(([name, value]) => !after || !equalJson(after[name], value)),
    );
    const effect = {
      type: 'applied',
      ids,
      ...(record !== mutation.record && { record }),
      ...(after && Object.keys(set).length > 0 && { set }),
      ...(headers && { headers }),
    } as const;
    const step: Step = !after
      ? [record, null, null]
      : whole
        ? [record, { ...after, ...given }, '*']
        : [record, { ...mutation.set, ...given }, mutation.unset];
    return { ...effect, offset: this.#topics.lay(topic, step, ids) };
  }

  #recordOf({ record }: Mutation, said: Attributes, idAttribute: string): RecordId | undefined {
    return isTemporary(record) ? idIn(said, idAttribute) : record;
  }
}
