/**
 * What a call may say to Medulla beside Backbone's own options, for those who use `@types/backbone`:
 * `import 'backbone-medulla/backbone-types'` once, anywhere. It is types alone, and nothing of it runs.
 */
import type { Model as BackboneModel, CollectionFetchOptions as FetchOptions } from 'backbone';
import type { FollowOptions } from './client/models/follower.ts';
import type { Where } from './client/views/view.ts';

interface ReadOptions {
  /** Keeps what is fetched up to date for as long as it is in use. */
  readonly follow?: boolean | FollowOptions;
  /** Which records of the topic belong into the collection; null: all of them again. */
  readonly where?: Where | null;
}

interface WriteOptions {
  /** `false`: it never enters the outbox, and fails at once where there is no connection. */
  readonly queue?: boolean;
}

/** Where the answer is to come from; 'network' by default. */
type Cache = boolean | 'network' | 'first' | 'only' | 'reload';

declare module 'backbone' {
  interface PersistenceOptions {
    /** Goes by the stock sync. */
    readonly ajaxSync?: boolean;
  }
  interface ModelFetchOptions extends ReadOptions {}
  interface CollectionFetchOptions extends ReadOptions {}
  interface ModelSaveOptions extends WriteOptions {
    /** Sends it also where nothing differs. */
    readonly force?: boolean;
  }
  interface ModelDestroyOptions extends WriteOptions {}
  // Of models there is no second form of `fetch`: nobody could call it of a model or a collection any more.
  interface Collection<TModel extends BackboneModel = BackboneModel> {
    fetch(options?: Omit<FetchOptions, 'cache'> & { readonly cache?: Cache }): JQueryXHR;
  }
}
