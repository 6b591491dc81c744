/** What the types of a resource's pattern and schema say; nothing of it is there when the server runs. */
import type { Json } from '../../base/json.ts';
import type { Attributes } from '../../protocol/attributes.ts';
import type { StandardSchema } from './validate.ts';

/** The names in a pattern: `/projects/:project/tasks` has 'project'. */
type NamesOf<P extends string> = P extends `${string}:${infer Name}/${infer Rest}`
  ? Name | NamesOf<`/${Rest}`>
  : P extends `${string}:${infer Name}`
    ? Name
    : never;

/** What stands in the places of the pattern's names. */
export type ParamsOf<P extends string> = string extends P
  ? Readonly<Record<string, string>>
  : { readonly [Name in NamesOf<P>]: string };

/** What a topic of the pattern is made with; nothing where it has no names. */
export type Place<P extends string> = string extends P
  ? [params?: Readonly<Record<string, Json>>]
  : [NamesOf<P>] extends [never]
    ? [params?: Readonly<Record<string, never>>]
    : [params: { readonly [Name in NamesOf<P>]: string | number }];

/** What JSON makes of it, which has no undefined. */
type Plain<T> = T extends { toJSON(): infer J }
  ? J
  : T extends object
    ? { [N in keyof T]: Plain<Exclude<T[N], undefined>> }
    : T;

/** The records that a schema lets in, as they are kept. */
export type RecordOf<S extends StandardSchema> = NonNullable<
  S['~standard']['types']
>['output'] extends infer O
  ? unknown extends O
    ? Attributes
    : O extends object
      ? Plain<O>
      : never
  : never;

/** Its names, with what somebody sent under them: no schema has looked at that yet. */
export type Sent<A extends object> = string extends keyof A
  ? Record<string, Json>
  : { -readonly [N in keyof A]?: Json };

/** Some of it. */
export type Part<A extends object> = string extends keyof A ? A : { readonly [N in keyof A]?: A[N] };
