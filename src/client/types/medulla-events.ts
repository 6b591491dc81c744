import type { BackboneLike, Hash } from '../backbone.ts';
import type { Request } from '../calls/request.ts';
import type { Conflict } from '../models/conflicts.ts';
import type { Made, Reading } from './shown.ts';

type ModelIn<B extends BackboneLike> = Made<B['Model'], Reading<Hash>>;
type CollectionIn<B extends BackboneLike> = Made<B['Collection'], { readonly length: number }>;

/** What a Medulla triggers, and with what. */
export interface MedullaEvents<B extends BackboneLike> {
  error: [request: Request, target: ModelIn<B> | CollectionIn<B>];
  conflict: [model: ModelIn<B>, conflict: Conflict];
  signin: [user: string];
  signout: [user: string];
  message: [type: string, content: unknown];
  stale: [medulla: unknown];
  all: [name: string, ...args: unknown[]];
}

type Listener<B extends BackboneLike, E> = E extends keyof MedullaEvents<B>
  ? (...args: MedullaEvents<B>[E]) => unknown
  : (...args: never[]) => unknown;

/** Backbone's events, of which a Medulla's own are known. */
export interface Heard<B extends BackboneLike> {
  on<E extends string>(name: E, fn: Listener<B, E>, context?: unknown): unknown;
  once<E extends string>(name: E, fn: Listener<B, E>, context?: unknown): unknown;
  off(name?: string | null, fn?: ((...args: never[]) => unknown) | null, context?: unknown): unknown;
  trigger(name: string, ...args: unknown[]): unknown;
}
