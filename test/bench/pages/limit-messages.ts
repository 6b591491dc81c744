import type { Card, Touch } from '../cards.ts';

/** Tab → worker, one message each. */
export type LimitUp =
  | { readonly type: 'open'; readonly server: string }
  | { readonly type: 'save'; readonly n: number; readonly card: Card }
  | { readonly type: 'keep'; readonly n: number; readonly card: Card };

/** Worker → tab, one message each. */
export type LimitDown =
  | { readonly type: 'rows'; readonly rows: readonly Card[] }
  | { readonly type: 'saved'; readonly n: number }
  | { readonly type: 'kept'; readonly n: number }
  | { readonly type: 'changes'; readonly changes: readonly Touch[] }
  | { readonly type: 'line'; readonly online: boolean };
