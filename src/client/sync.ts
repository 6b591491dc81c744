import type { Clock } from '../base/clock.ts';
import { isTemporary } from '../protocol/ids.ts';
import type { Method } from '../protocol/mutation.ts';
import type { TabUp } from '../protocol/tab-up.ts';
import {
  assertOwn,
  type Backbone,
  type Collection,
  type Model,
  type Sync,
  type SyncOptions,
} from './backbone.ts';
import type { Batches } from './batch/batches.ts';
import { type Address, addressOf, isCollection } from './calls/address.ts';
import type { HandOver } from './calls/hand-over.ts';
import type { Write } from './calls/lanes.ts';
import type { Reads } from './calls/reads.ts';
import { createRequest, failure, type Request, type Settler } from './calls/request.ts';
import { saidIn } from './calls/said.ts';
import { codedError } from './coded-error.ts';
import { optsOut } from './install.ts';
import type { Following } from './models/following.ts';
import { bodyOf } from './models/instances.ts';
import type { Users } from './users/users.ts';

export interface SyncParts {
  readonly backbone: Backbone;
  readonly page: () => string;
  readonly clock: Clock;
  readonly reads: Reads;
  readonly handOver: HandOver;
  readonly following: Following;
  readonly post: (message: TabUp) => void;
  readonly report: (error: unknown) => void;
  readonly onFailure: (request: Request, target: Model | Collection) => void;
  /** The application has closed it, and not opened it again: nobody is there to ask. */
  readonly closed: boolean;
  readonly users: Pick<Users, 'problem'>;
  readonly batches: Pick<Batches, 'spoil'>;
}

export const CLOSED = 'Medulla is closed';

/** What listens in this name takes back what was created. */
const WITHDRAWN = {};

/** A create of which the server gives the id. */
const isOfServer = ({ wire: { mutation } }: Write) =>
  mutation.method === 'create' && isTemporary(mutation.record);

/** What stands in the place of `Backbone.sync`. */
export function createSync(parts: SyncParts): Sync {
  const { backbone, page, clock, reads, handOver, following, report } = parts;

  /** What a write sends, read now: with `wait`, Backbone has the attributes in place only during the call. */
  function bodyNow(method: string, model: Model | Collection, options: SyncOptions) {
    if (isCollection(model) || method === 'delete' || method === 'read') return {};
    const { attrs, data } = options;
    const given = (typeof data === 'string' ? JSON.parse(data) : data) ?? attrs;
    return bodyOf(model, given ?? model.toJSON(options), true);
  }

  /** `stands`: it is not known then what becomes of it. */
  function timed({ request, settle }: Settler, timeout = 0, stands?: { unknown: true }) {
    if (!(timeout > 0)) return;
    const late = failure('timeout', `No answer within ${timeout} ms`, stands);
    request.always(clock.after(timeout, () => settle(late)));
  }

  return function sync(method, target, options = {}) {
    assertOwn(backbone, target, 'sync');
    const stock = () => (backbone.ajaxSync ?? backbone.sync)(method, target, options);
    if (optsOut(options)) return stock();
    const found = addressOf(target, options, page());
    if (!found.ours) return stock();
    const body = bodyNow(method, target, options);
    let back: () => void = () => undefined;
    const settler = createRequest({
      options,
      report,
      onAbort: () => back(),
      onFailure: (request) => parts.onFailure(request, target),
    });
    const { request } = settler;
    const barred = parts.closed ? failure('abort', CLOSED) : parts.users.problem(method, target);
    const headers = { ...Object(options.headers) };
    request.setRequestHeader = (name, value) => {
      headers[name] = value;
      return request;
    };
    const vetoed = options.beforeSend?.call(options.context, request, options) === false;
    const problem = vetoed ? failure('abort', 'Aborted by the caller') : barred;
    const query = method === 'read' ? undefined : found.query;
    const more = { headers: Object.keys(headers).length ? headers : undefined, query };
    const address = { ...found, said: saidIn({ ctx: target.ctx, ...options, ...more }) };
    if (problem) {
      settler.settle(problem);
      if (method !== 'read') parts.batches.spoil(problem);
    } else if (method === 'read') {
      const follow = options.follow ?? target.follow;
      if (follow) following.follow(target, address, Object(follow), true);
      following.asked(target);
      back = reads.fetch(target, address, options, settler);
      request.always(back);
      timed(settler, options.timeout);
    } else if (isCollection(target)) {
      throw codedError('not-allowed', `Cannot ${method} a collection: save its models`);
    } else {
      const write = handOver(method as Method, target, address, options, body, settler);
      if (write) {
        back = () => {
          write.aborted = true;
          if (!write.held) parts.post({ type: 'abort', id: write.wire.mutation.id });
        };
        timed(settler, options.timeout, { unknown: true });
        if (target.isNew() && (write.wire.wait || isOfServer(write)))
          withdrawWithModel(target, address, write);
      }
    }
    target.trigger('request', target, request, options);
    settler.returned();
    return request;
  };

  /** The destroy of a model without an id never reaches `sync`: its create, which is on its way, is taken back with it. */
  function withdrawWithModel(model: Model, address: Address, write: Write) {
    const destroyed = (which: Model) => {
      if (which !== model || !model.isNew()) return;
      const { record, topic } = write.wire.mutation;
      write.settler.request.abort();
      handOver('delete', model, { ...address, topic, record }, {}, {}, write.settler);
    };
    model.off('destroy', undefined, WITHDRAWN);
    model.on('destroy', destroyed, WITHDRAWN);
    // One that was refused is there still, without an id.
    if (!isOfServer(write)) write.settler.request.always(() => model.off('destroy', destroyed));
  }
}
