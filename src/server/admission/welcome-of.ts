import type { Limits, Welcome } from '../../protocol/server-down.ts';
import { PROTOCOL } from '../../protocol/version.ts';
import type { Admission } from './admission.ts';

/** The first thing that a connection hears. */
export const welcomeOf = (
  { user, number }: Admission,
  node: string,
  { batch, bytes, record, topics }: Limits,
): Welcome => ({ protocol: PROTOCOL, user, node, number, limits: { batch, bytes, record, topics } });
