import type { Row } from '../row.ts';
import { catchUp } from './catch-up.ts';
import { coldOffline, coldOnline } from './cold.ts';
import { fanOuts } from './fan-out.ts';
import { drainAll, drainCut, keep } from './offline.ts';
import { burst, roundTrip } from './saves.ts';

export const ROWS: readonly Row[] = [
  roundTrip,
  burst,
  keep,
  drainAll,
  drainCut,
  ...fanOuts,
  coldOnline,
  coldOffline,
  catchUp,
];
