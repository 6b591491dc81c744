import type { Clock } from '../../base/clock.ts';
import { equalJson } from '../../base/json.ts';
import type { Random } from '../../base/random.ts';
import { uuid } from '../../base/uuid.ts';
import type { Attributes } from '../../protocol/attributes.ts';
import {
  ANONYMOUS,
  isTemporary,
  mutationId,
  recordKey,
  type TabId,
  type UserId,
} from '../../protocol/ids.ts';
import { laidOn, touched } from '../../protocol/laying.ts';
import type { Method, Mutation } from '../../protocol/mutation.ts';
import { findable } from '../aliases/findable.ts';
import type { Model, SyncOptions } from '../backbone.ts';
import {
  agreeToThis,
  bodyOf,
  forget,
  type Instance,
  instanceFor,
  jsonOf,
  tellState,
  unsaved,
  withId,
} from '../models/instances.ts';
import { withNames } from '../models/snapshot.ts';
import type { Address } from './address.ts';
import { answering } from './answering.ts';
import type { Write } from './lanes.ts';
import type { Settler } from './request.ts';
import type { Writes } from './writes.ts';

export interface HandOverParts {
  readonly id: TabId;
  /** Null: it is told later. */
  readonly user: UserId | null;
  readonly clock: Clock;
  readonly random: Random;
  readonly recordVersion?: number;
  readonly ids?: unknown;
  /** Writes are to hold all that was seen of their record. */
  readonly whole?: boolean;
  /** The number of the last mutation. */
  n: number;
  readonly writes: Writes;
  readonly session: { write(write: Write['wire']): void } | undefined;
  readonly following: { spread(write: Write): void };
  readonly conflicts: { tell(): void };
  readonly batches: { hold(write: Write): boolean };
}

export type HandOver = ReturnType<typeof createHandOver>;

/** Turns a call into a write: everything is read during the call, and nothing afterwards. */
export function createHandOver(parts: HandOverParts) {
  const { id, clock, random, writes, recordVersion } = parts;

  function write(
    method: Method,
    model: Model,
    instance: Instance,
    options: SyncOptions,
    settler: Settler,
    wire: Pick<Mutation, 'set' | 'unset'>,
    said: Address['said'],
  ): Write {
    const { topic, seen, agreed, parsed, stage, state, version } = instance;
    const ids = model.ids ?? model.collection?.ids ?? parts.ids;
    const record = instance.record ?? `${ids === 'server' ? '~' : ''}${uuid(clock, random)}`;
    instance.record = record;
    const before = seen ?? {};
    // A delete touches all of it.
    const names = method === 'delete' ? Object.keys(before) : touched(wire);
    // What this instance saw was partly the doing of writes that are still on their way; who has seen none builds on its own.
    const isOn = (other: Write) => seen || other.model === model;
    const behind = (seen && !version) || state === 'pending' || writes.lane(topic, record).some(isOn);
    const bare = method === 'create' || isDoomed(instance);
    const n = ++parts.n;
    const mutation: Mutation = {
      id: mutationId(id, n),
      user: parts.user ?? ANONYMOUS,
      topic,
      record,
      method,
      ...wire,
      base: bare ? null : behind ? 'previous' : version || null,
      was: bare ? {} : withNames({}, names, before),
      ...(recordVersion && { recordVersion }),
      ...(said && { options: said }),
      ...(parts.whole && seen && { seen }),
    };
    return {
      n,
      wire: { mutation, wait: options.wait === true, queue: options.queue !== false },
      model,
      instance,
      settler,
      collection: model.collection,
      before: { seen, agreed, parsed, stage },
      looked: agreed || method !== 'patch' ? undefined : jsonOf(model),
      overtakes: state === 'rejected',
    };
  }

  /** It gets its id with the answer: the server's, or the temporary one if that is not to be had. */
  const isIdless = (model: Model, { record }: Instance) => isTemporary(record) && model.isNew();

  /** A delete of it waits for its answer, or what was to make it failed: what comes next may have nothing to build on. */
  const isDoomed = ({ topic, record, stage }: Instance) =>
    stage === 'unmade' ||
    (record !== undefined && writes.lane(topic, record).at(-1)?.wire.mutation.method === 'delete');

  /** What the server is to set: all of it, or what differs from what this instance has seen. Undefined: nothing differs. */
  function difference(
    method: Method,
    body: Attributes,
    explicit: boolean,
    force: boolean,
    agreed: Attributes | null,
  ): Pick<Mutation, 'set' | 'unset'> | undefined {
    if (method === 'create' || (method === 'patch' && explicit)) return { set: body, unset: [] };
    const before = agreed ?? {};
    const names = Object.keys(body).filter((name) => force || !equalJson(body[name], before[name]));
    const unset = explicit ? [] : Object.keys(before).filter((name) => !(name in body));
    if (names.length + unset.length || force || !agreed) return { set: withNames({}, names, body), unset };
    return undefined;
  }

  /** Hands a save or a delete over, or answers it here where there is nothing to hand over. */
  function handOver(
    named: Method,
    model: Model,
    address: Address,
    options: SyncOptions,
    body: Attributes,
    settler: Settler,
  ): Write | undefined {
    const instance = instanceFor(model, address.topic, address.record);
    if (named === 'delete')
      return handed(write('delete', model, instance, options, settler, { set: {}, unset: [] }, address.said));
    // The hub knows what became of its create; a record that was refused or deleted since is created again.
    const { stage } = instance;
    const anew = stage === 'gone' || (stage === 'new' && named === 'create');
    // A patch is no record: behind a delete there is nothing for it to be laid on.
    const doomed = isDoomed(instance);
    const method = anew ? 'create' : named === 'create' || doomed ? 'update' : named;
    const explicit = Boolean(options.attrs ?? options.data);
    const whole = (anew || doomed) && named === 'patch' ? jsonOf(model, options, true) : body;
    const before = doomed ? null : instance.agreed;
    const wire = difference(method, whole, explicit, options.force === true, before);
    if (wire) return handed(write(method, model, instance, options, settler, wire, address.said));
    // What the caller still does in this turn comes after it, and is not to be undone by the answer.
    queueMicrotask(() => {
      const attrs = instance.seen ?? {};
      const record = isIdless(model, instance) ? '.' : instance.record;
      settler.settle(
        { status: 200, response: withId(attrs, record, model.idAttribute), source: 'replica' },
        answering(model, instance, { attrs }, () => unsaved(model, instance)),
      );
    });
    return undefined;
  }

  function handed(write: Write): Write {
    const { model, instance, wire, before } = write;
    const { mutation } = wire;
    writes.hand(write);
    const isHeld = parts.batches.hold(write);
    if (!isHeld) parts.session?.write(wire);
    instance.refused = null;
    if (mutation.method === 'create' || before.stage === 'new') instance.born = model.collection;
    if (mutation.method === 'create') instance.stage = 'there';
    if (wire.wait) {
      // Backbone has put the attributes in place for the time of the call only.
      if (!instance.agreed && mutation.method !== 'delete')
        queueMicrotask(() => {
          if (!instance.agreed) agreeToThis(model, instance);
        });
    } else if (mutation.method === 'delete') {
      forget(instance);
    } else {
      instance.seen = laidOn(instance.seen, mutation);
      instance.agreed = withNames(
        (mutation.method !== 'create' && instance.agreed) || {},
        touched(mutation),
        mutation.set,
      );
      // What is typed and not saved by this is still to be told from what others make of it.
      instance.parsed = withNames(
        bodyOf(model, model.attributes),
        unsaved(model, instance),
        write.before.parsed,
      );
      // The id is the model's before anybody hears of the request; it was read without, so that the url is the topic's.
      if (isIdless(model, instance)) findable(model.collection, model, recordKey(mutation.record));
      else if (model.isNew() && mutation.record !== '.') model.set({ [model.idAttribute]: mutation.record });
    }
    if (!wire.wait && !isHeld) parts.following.spread(write);
    parts.conflicts.tell();
    tellState(model, { state: 'pending' });
    return write;
  }

  return handOver;
}
