import type { Attributes } from '../../protocol/attributes.ts';
import type { Effect, Receipt } from '../../protocol/receipt.ts';
import type { SyncOptions } from '../backbone.ts';
import { codedError } from '../coded-error.ts';

export type Source = 'network' | 'replica' | 'outbox';
type TextStatus = 'success' | 'error' | 'timeout' | 'abort' | 'canceled';
type Callback = (...args: unknown[]) => unknown;

/** What `sync` returns: a promise with the ways of jQuery's request. It settles once, never before `sync` has returned. */
export interface Request extends Promise<unknown> {
  done(fn: Callback): Request;
  fail(fn: Callback): Request;
  always(fn: Callback): Request;
  /** Of a read: drops the answer. Of a write: withdraws it where it was not sent; else it stands. */
  abort(): Request;
  promise(): Request;
  state(): 'pending' | 'resolved' | 'rejected';
  /** HTTP's number; 0 = nobody answered. */
  status: number;
  statusText: string;
  /** `responseJSON` as text, made when it is asked for. */
  readonly responseText: string;
  responseJSON: unknown;
  getResponseHeader(name: string): string | null;
  getAllResponseHeaders(): string;
  setRequestHeader(name: string, value: string): Request;
  /** Where the answer came from; null until there is one. */
  source: Source | null;
  /** Whether the source may have missed something. */
  stale: boolean;
}

export interface Success {
  readonly status: number;
  readonly response: unknown;
  readonly source: Source;
  readonly stale?: boolean;
}

export interface Failure {
  /** An ErrorCode, or the application's own. */
  readonly code: string;
  readonly status: number;
  readonly message: string;
  readonly details?: unknown;
  /** The write was handed over and stands: what becomes of it is not known. */
  readonly unknown?: true;
}

export type Outcome = Success | Failure;

/** The side of a request that answers it. */
export interface Settler {
  readonly request: Request;
  /** Whether somebody waits for the outcome still. */
  readonly live: boolean;
  /** `around` is run around the success callback. Without effect on a settled request. */
  settle(outcome: Outcome, around?: (call: () => void) => void): void;
  /** What the server said beside its answer, names in lower case. */
  heard(headers: Attributes | undefined): void;
  /** `sync` is about to return. */
  returned(): void;
}

export interface SettlerParts {
  readonly options: SyncOptions;
  readonly report: (error: unknown) => void;
  readonly onAbort?: () => void;
  readonly onFailure?: (request: Request) => void;
}

/** What a refusal's HTTP number is, the hub says; 0 = nobody has answered. */
export const failure = (code: string, message: string, more?: Partial<Failure>): Failure => ({
  code,
  status: 0,
  message,
  ...more,
});

/** What the server refused it with, as the application is told. */
export const failureOf = (
  { type, ids, headers, ...refusal }: Exclude<Receipt, Effect>,
  status: number,
): Failure => ({
  ...refusal,
  status,
});

/** Puts what came of it where Backbone's applications look. */
export function describe(request: Request, outcome: Outcome): void {
  const failed = 'code' in outcome;
  const { status, ...rest } = outcome;
  request.status = status;
  request.statusText = failed ? outcome.code : status === 202 ? 'Accepted' : 'OK';
  request.responseJSON = failed ? rest : outcome.response;
}

export function createRequest({ options, report, onAbort, onFailure }: SettlerParts): Settler {
  const callbacks: Record<'done' | 'fail' | 'always', Callback[]> = { done: [], fail: [], always: [] };
  let ended: 'done' | 'fail' | undefined;
  let sync = true;
  let settled = false;
  let args: unknown[] = [];
  let headers: Attributes = { 'content-type': 'application/json' };
  let resolve: (value: unknown) => void = () => undefined;
  let reject: (error: Error) => void = () => undefined;
  const promise = new Promise<unknown>((yes, no) => {
    resolve = yes;
    reject = no;
  });
  promise.catch(() => undefined); // only promises derived from it report that nobody handled them

  const call = (fn: (() => unknown) | undefined) => {
    try {
      fn?.();
    } catch (error) {
      report(error);
    }
  };
  const listen = (kind: keyof typeof callbacks) => (fn: Callback) => {
    if (!ended) callbacks[kind].push(fn);
    else if (kind === ended || kind === 'always') call(() => fn(...args));
    return request;
  };

  const parts: Omit<Request, keyof Promise<unknown> | 'responseText'> = {
    done: listen('done'),
    fail: listen('fail'),
    always: listen('always'),
    abort() {
      if (!settled) {
        settler.settle(failure('abort', 'Aborted by the caller'));
        onAbort?.();
      }
      return request;
    },
    promise: () => request,
    state: () => (ended ? (ended === 'done' ? 'resolved' : 'rejected') : 'pending'),
    status: 0,
    statusText: '',
    responseJSON: undefined,
    getResponseHeader: (name: string) => (headers[name.toLowerCase()] as string | undefined) ?? null,
    getAllResponseHeaders: () =>
      Object.entries(headers).reduce((all, pair) => `${all + pair.join(': ')}\r\n`, ''),
    setRequestHeader: () => request,
    source: null,
    stale: false,
  };
  const request = Object.defineProperty(Object.assign(promise, parts), 'responseText', {
    get: () => JSON.stringify(request.responseJSON) ?? '',
  }) as Request;

  function finish(outcome: Outcome, around: (call: () => void) => void): void {
    describe(request, outcome);
    let text: TextStatus = 'success';
    if ('code' in outcome) {
      const { code, message, status } = outcome;
      ended = 'fail';
      text = code === 'timeout' || code === 'abort' ? code : 'error';
      const error = codedError(code, message, { status, responseJSON: request.responseJSON, request });
      args = [request, text, error];
      options.textStatus = text;
      options.errorThrown = error;
      call(() => options.error?.call(options.context, request, text, error));
      call(() => onFailure?.(request));
      reject(error);
    } else {
      ended = 'done';
      request.source = outcome.source;
      request.stale = outcome.stale ?? false;
      args = [outcome.response, text, request];
      call(() => around(() => options.success?.call(options.context, outcome.response, text, request)));
      resolve(outcome.response);
    }
    for (const fn of [...callbacks[ended], ...callbacks.always]) call(() => fn(...args));
    call(() => options.complete?.call(options.context, request, text));
  }

  const settler: Settler = {
    request,
    get live() {
      return !settled;
    },
    settle(outcome, around = (run) => run()) {
      if (settled) return;
      settled = true;
      if (sync) queueMicrotask(() => finish(outcome, around));
      else finish(outcome, around);
    },
    heard(more) {
      headers = { ...headers, ...more };
    },
    returned() {
      sync = false;
    },
  };
  options.xhr = request;
  return settler;
}
