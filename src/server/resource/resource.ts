import type { Json } from '../../base/json.ts';
import type { Attributes } from '../../protocol/attributes.ts';
import type { RecordId, Topic } from '../../protocol/ids.ts';
import type { Handlers } from '../handlers/handlers.ts';
import { badOption, found } from '../options/check-options.ts';
import { checkResource, withoutEnd } from '../options/resource-rules.ts';
import type { Filter } from '../sight/sight.ts';
import type { ConflictPolicy } from '../store.ts';
import type { Context, Doing } from './context.ts';
import { type Middleware, MiddlewareStack } from './middleware.ts';
import type { ParamsOf, Part, Place } from './typing.ts';
import type { StandardSchema } from './validate.ts';

type Names = Readonly<Record<string, string>>;

/**
 * Whether this may be done. `tag`: yes, and what is seen goes by this, too, as a role: where it changes, who follows begins anew with
 * a snapshot, also who was away meanwhile.
 */
export type Permission = boolean | { readonly tag: string };

/** Without it nobody may do anything, unless the resource is `public`, or a topic its user's own. */
export type Authorize<A extends object = Attributes, P extends object = Names> = (
  ctx: Context<A, P>,
) => Permission | Promise<Permission>;

/** The parameter that names whose a topic is: `/users/:me/notes` is for nobody else. */
export const OWNER = 'me';

/** Makes the id of a new record. */
export type NewId<A extends object = Attributes, P extends object = Names> = (
  ctx: Context<A, P>,
) => RecordId | Promise<RecordId>;

/** How much of a topic's log is kept: so many changes, and none older than this. Who was away for longer gets a snapshot. */
export interface History {
  readonly changes: number;
  readonly days: number;
}

/** `A` are the attributes of its records, `P` the parameters of its pattern, which `resource` finds out by itself. */
export interface ResourceOptions<
  A extends object = Attributes,
  P extends object = Names,
  S extends StandardSchema = StandardSchema,
> {
  /** Judges the whole record as it would be after a write; its defaults and transformations are kept. The id is not in it. */
  readonly schema?: S;
  readonly authorize?: Authorize<A, P>;
  /** Which of its records somebody sees; all by default. What may be done with those is for `authorize`. */
  readonly filter?: Filter<A, P>;
  /** Anybody may read and write. */
  readonly public?: boolean;
  readonly conflict?: ConflictPolicy<A>;
  readonly history?: Partial<History>;
  /** Where its records are kept, if not in the store. */
  readonly handlers?: Handlers<A, P>;
  /**
   * What a new record is called whose author left that to the server (`ids: 'server'`). 'integer' (the default): the
   * topic's next number, never one that was used in it before. A function runs before the transaction, as middleware
   * does, and may run more than once for one record: what is there already is a conflict.
   */
  readonly id?: 'integer' | 'uuid' | NewId<A, P>;
  /**
   * Methods of the application's own, for `use('archive', fn)`: `Backbone.sync('archive', model)` on the page, by way of
   * `backboneIO`, or `medulla.send(content, {topic, method})`. They are asked and answered, and nobody keeps them.
   */
  readonly methods?: readonly string[];
}

/**
 * A change that the server makes by itself. `unset` names are removed; other attributes stay as they are. `existing`: only
 * where the record is there; otherwise it is made.
 */
export type Publication<A extends object = Attributes> =
  | {
      readonly record: RecordId;
      readonly set?: Part<A>;
      readonly unset?: readonly (keyof A & string)[];
      readonly existing?: true;
    }
  | { readonly record: RecordId; readonly deleted: true };

/** What a resource needs from the server. Resolves with the topic's offset after the change. */
export interface ResourceParts {
  publish(topic: Topic, change: Publication | readonly Publication[]): Promise<number>;
}

export type Params = Readonly<Record<string, Json>>;

/** What the server exposes under a path pattern as `/projects/:project/tasks`. */
export class Resource<A extends object = Attributes, P extends string = string> {
  readonly pattern: string;
  readonly options: ResourceOptions;
  readonly middleware: MiddlewareStack;
  readonly #segments: readonly string[];
  readonly #parts: ResourceParts;

  constructor(pattern: string, options: ResourceOptions, parts: ResourceParts) {
    checkResource(pattern, options);
    this.pattern = withoutEnd(pattern);
    this.options = options;
    this.middleware = new MiddlewareStack(options.methods);
    this.#segments = this.pattern.split('/');
    this.#parts = parts;
  }

  /** Whether each topic is one user's own. */
  get isOwned(): boolean {
    return this.#segments.includes(`:${OWNER}`);
  }

  /** The pattern without the names of its parameters. */
  get shape(): string {
    return this.#segments.map((segment) => (isName(segment) ? ':' : segment)).join('/');
  }

  /** What resources are ordered by. */
  get rank(): string {
    return this.#segments.map((segment) => (isName(segment) ? '1' : '0')).join('');
  }

  /** The parameters, where a topic with these segments is one of this resource's. */
  match(segments: readonly string[]): Record<string, string> | null {
    if (segments.length !== this.#segments.length) return null;
    const params: Record<string, string> = {};
    for (let at = 0; at < segments.length; at++) {
      const wanted = this.#segments[at] as string;
      const segment = segments[at] as string;
      if (!isName(wanted)) {
        if (wanted !== segment) return null;
        continue;
      }
      const value = decoded(segment);
      if (!value) return null;
      params[wanted.slice(1)] = value;
    }
    return params;
  }

  /** Koa-style middleware, for all actions and methods or for those that are named before it; in the order of use. */
  use(...args: readonly (Doing | Middleware<A, ParamsOf<P>>)[]): this {
    this.middleware.use(...(args as readonly (Doing | Middleware)[]));
    return this;
  }

  create(fn: Middleware<A, ParamsOf<P>>): this {
    return this.use('create', fn);
  }

  read(fn: Middleware<A, ParamsOf<P>>): this {
    return this.use('read', fn);
  }

  update(fn: Middleware<A, ParamsOf<P>>): this {
    return this.use('update', fn);
  }

  patch(fn: Middleware<A, ParamsOf<P>>): this {
    return this.use('patch', fn);
  }

  delete(fn: Middleware<A, ParamsOf<P>>): this {
    return this.use('delete', fn);
  }

  /** Makes a change of the server's own, or several in one transaction, and tells everybody who follows. */
  async publish(change: Publication<A> | readonly Publication<A>[], ...params: Place<P>): Promise<number> {
    return this.#parts.publish(this.topic(...params), change as Publication);
  }

  /** The topic with these parameters. */
  topic(...[given = {}]: Place<P>): Topic {
    const params = given as Params;
    const segments = this.#segments.map((segment) => {
      if (!isName(segment)) return segment;
      const name = segment.slice(1);
      const value = params[name];
      if (value === undefined || value === null || value === '')
        throw badOption(`A topic of ${this.pattern} needs its parameters: ${name} is missing.`);
      if (typeof value === 'object')
        throw badOption(
          `A topic of ${this.pattern} takes text or a number as ${name}: found ${found(value)}.`,
        );
      return encodeURIComponent(String(value));
    });
    return segments.join('/') as Topic;
  }
}

const isName = (segment: string) => segment.startsWith(':');

function decoded(segment: string): string | null {
  if (!segment.includes('%')) return segment;
  try {
    return decodeURIComponent(segment);
  } catch {
    return null;
  }
}
