import { isTemporary } from '../../protocol/ids.ts';
import type { Settlement } from '../../protocol/tab-down.ts';
import type { Write } from '../calls/lanes.ts';
import { type Failure, failure } from '../calls/request.ts';
import { codedError } from '../coded-error.ts';
import type { Each } from '../each.ts';
import { tellState } from '../models/instances.ts';
import { type Batched, outcomeOf } from './outcome-of.ts';

export interface BatchOptions {
  /** Only the server's word counts: no 202. */
  readonly wait?: boolean;
  /** false: never into the outbox; without a connection all of it fails at once. */
  readonly queue?: boolean;
}

export interface BatchesParts {
  readonly each: Each;
  readonly writes: { readonly open: ReadonlyMap<number, Write>; settle(settlement: Settlement): void };
  readonly session: { write(write: Write['wire']): void } | undefined;
  readonly following: { spread(write: Write): void };
}

/** A batch whose function is not over. */
interface Open {
  readonly options: BatchOptions;
  readonly members: Write[];
  readonly promise: Promise<Batched>;
  readonly resolve: (outcome: Promise<Batched>) => void;
  /** Why nothing of it is to be sent. */
  problem?: Failure;
}

export type Batches = ReturnType<typeof createBatches>;

/** Holds back what is written while a function runs, and hands it over together: stamped, one behind the other. */
export function createBatches(parts: BatchesParts) {
  let open: Open | undefined;

  function begin(options: BatchOptions): Open {
    let resolve: Open['resolve'] = () => undefined;
    const promise = new Promise<Batched>((yes) => {
      resolve = yes;
    });
    promise.catch(() => undefined); // each request tells its own failure
    return { options, members: [], promise, resolve };
  }

  /** The last first: each goes back to what the one before it left. */
  function cancel(members: readonly Write[], { message }: Failure) {
    parts.each([...members].reverse(), ({ n, model, instance }) => {
      parts.writes.settle({ type: 'failed', n, code: 'abort', message, status: 0 });
      tellState(model, instance);
    });
  }

  function handOver(members: readonly Write[], options: BatchOptions) {
    const size = members.length;
    const id = members[0]?.wire.mutation.id;
    const queue = options.queue !== false && members.every(({ wire }) => wire.queue);
    for (const write of members) {
      const { mutation } = write.wire;
      const batch = size > 1 && id && { batch: { id, size } };
      write.wire = { ...write.wire, queue, mutation: { ...mutation, ...batch } };
      write.batch = members;
      write.held = false;
      write.waits = options.wait === true;
      parts.session?.write(write.wire);
    }
    // Only now: what the application does on hearing of it comes behind all of it.
    parts.each(members, (write) => write.wire.wait || parts.following.spread(write));
  }

  function end({ members, options, problem, resolve }: Open) {
    const isOut = ({ aborted }: Write) => problem !== undefined || aborted === true;
    cancel(members.filter(isOut), problem ?? failure('abort', 'Aborted by the caller'));
    if (problem)
      return resolve(Promise.reject(codedError(problem.code, problem.message, { status: problem.status })));
    const rest = members.filter(({ n }) => parts.writes.open.has(n));
    handOver(rest, options);
    resolve(outcomeOf(rest.map(({ settler }) => settler.request)));
  }

  return {
    /** Whether the write is kept until its batch's function is over. */
    hold(write: Write): boolean {
      open?.members.push(write);
      write.held = open !== undefined;
      return write.held;
    },

    /** A call that fails before there is anything to hand over: where it is one of a batch, the others fail with it. */
    spoil(problem: Failure): void {
      if (open) open.problem ??= problem;
    },

    batch(fn: () => unknown, options: BatchOptions = {}): Promise<Batched> {
      const outer = open;
      const own = outer ?? begin(options);
      open = own;
      try {
        const returned = Object(fn());
        // A request is no sign of what comes later: its call is over.
        if (returned.then && !returned.abort && returned !== own.promise)
          throw codedError('bad-option', 'Cannot batch this: its function is asynchronous');
        assertNamed(own.members);
      } catch (error) {
        own.problem = failure('abort', 'Its batch was not sent');
        throw error;
      } finally {
        open = outer;
        if (!outer) end(own);
      }
      return own.promise;
    },
  };
}

/** What the server is to name with this very batch cannot be named in it. */
function assertNamed(members: readonly Write[]) {
  const made: string[] = [];
  for (const { aborted, wire } of members) {
    const { method, topic, record, set } = wire.mutation;
    const text = JSON.stringify([topic, record, set]);
    if (!aborted && made.some((temporary) => text.includes(temporary)))
      throw codedError(
        'bad-option',
        `Cannot batch this: the ${method} in ${topic} names a record that gets its id only with this batch`,
      );
    if (!aborted && method === 'create' && isTemporary(record)) made.push(record);
  }
}
