import type { Attributes } from '../../protocol/attributes.ts';
import type { RecordKey } from '../../protocol/ids.ts';
import type { Op } from '../storage.ts';

/** The records that may look different now, with what they were before. */
export type Changed = ReadonlyMap<RecordKey, Attributes | null>;

/** What applying did. `gap`: nothing, since something is missing before it. */
export type Applied =
  | { readonly type: 'applied'; readonly changed: Changed; readonly ops: readonly Op[] }
  | { readonly type: 'gap' };
