import { statusOf } from '../../../protocol/errors.ts';
import type { Collection, Model, SyncOptions } from '../../backbone.ts';
import { addressOf } from '../../calls/address.ts';
import { createRequest, failure, type Request } from '../../calls/request.ts';
import { saidIn } from '../../calls/said.ts';
import type { Medulla } from '../../medulla.ts';

export interface OwnMethodParts {
  readonly medulla: Medulla;
  readonly page: () => string;
  readonly report: (error: unknown) => void;
}

/** A method of the application's own, as `sync` does one: the model goes there as it is, and the answer comes back. */
export function ownMethod(
  { medulla, page, report }: OwnMethodParts,
  method: string,
  target: Model | Collection,
  options: SyncOptions,
): Request {
  const { topic, record } = addressOf(target, options, page());
  const { request, settle, returned } = createRequest({
    options,
    report,
    onFailure: (failed) => medulla.trigger('error', failed, target),
  });
  const said = saidIn(options);
  const to = { topic, method, ...(record !== undefined && { record }), ...(said && { options: said }) };
  const body = options.attrs ?? options.data ?? ('toJSON' in target ? target.toJSON(options) : {});
  medulla.send(body, to).then(
    (response) => settle({ status: 200, response, source: 'network' }),
    ({ code, message, details }) =>
      settle(failure(code, message, { status: statusOf(code), ...(details !== undefined && { details }) })),
  );
  target.trigger('request', target, request, options);
  returned();
  return request;
}
