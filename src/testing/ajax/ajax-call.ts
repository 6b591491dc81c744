import type { Collection, Hash, Model, Sync, SyncOptions } from '../../client/backbone.ts';
import type { Request } from '../../client/calls/request.ts';
import { idNameOf } from '../../client/models/instances.ts';

/** What comes of one call of `Backbone.ajax`. */
export interface AjaxAnswer {
  applied(response: unknown, status: number): void;
  failed(code: string, message: string, status: number): void;
}

/** As much of what `Backbone.ajax` gives back as is looked at. */
type Xhr = Partial<Pick<Request, 'status' | 'statusText' | 'getResponseHeader' | 'getAllResponseHeaders'>>;

/** One call of `sync`, from its start until `Backbone.ajax` has answered it. */
export class AjaxCall {
  readonly method: string;
  readonly target: Model | Collection;
  readonly options: SyncOptions;
  /** What Medulla handed over during the call: it goes when `sync` is about to return. */
  readonly todo: (() => void)[] = [];
  request: Request | undefined;
  readonly #beforeSend: SyncOptions['beforeSend'];
  /** What `Backbone.ajax` has called back with: the application's callbacks get that, and not what Medulla makes of it. */
  #told: unknown[] | undefined;

  constructor(method: string, target: Model | Collection, options: SyncOptions) {
    this.method = method;
    this.target = target;
    this.options = options;
    this.#beforeSend = options.beforeSend;
    const { success, error } = options;
    const told = (given: unknown[]) => {
      const args = this.#told ?? given;
      this.#told = undefined;
      return args as [unknown, string, unknown];
    };
    options.success = function (this: unknown, ...given) {
      return success?.apply(this, told(given));
    };
    options.error = function (this: unknown, ...given) {
      const args = told(given);
      Object.assign(options, { textStatus: args[1], errorThrown: args[2] });
      return error?.apply(this, args);
    };
  }

  get idName(): string {
    return idNameOf(this.target);
  }

  /** Runs `sync` without what is not for it: all of the body goes over the wire, and the headers are of the wire. */
  run(sync: Sync): void {
    const { method, target, options } = this;
    const own: Hash = { force: options.force, beforeSend: options.beforeSend };
    options.force = true;
    delete options.beforeSend;
    try {
      this.request = sync(method, target, options) as Request;
    } finally {
      for (const [name, value] of Object.entries(own))
        if (value === undefined) delete options[name];
        else options[name] = value;
    }
  }

  /** Has Backbone make its request of it, as if nothing stood between; `attrs` is the body. */
  send(stock: Sync, method: string, attrs: Hash | undefined, answer: AjaxAnswer): void {
    const { target, request, options } = this;
    const beforeSend = this.#beforeSend;
    // 'request' has been told.
    const silent = Object.create(target, { trigger: { value: () => target } }) as typeof target;
    const xhr = stock(method, silent, {
      ...options,
      ...(attrs && { attrs }),
      ...(beforeSend && { beforeSend }),
      success: (...args) => {
        this.#told = args;
        answer.applied(args[0], Object(args[2]).status ?? 200);
      },
      error: (...args) => {
        this.#told = args;
        const [its, code, error] = args;
        const { status = 0, statusText } = Object(its) as Xhr;
        answer.failed(code || 'error', String(error || statusText || code || 'error'), status);
      },
    }) as Xhr | undefined;
    if (!request || !xhr) return;
    // What else there is of it can be read where Backbone's applications look.
    for (const [name, value] of Object.entries(xhr))
      if (!(name in request) || /Header/.test(name)) Object.assign(request, { [name]: value });
  }
}
