import { rowOf } from '../curve.ts';
import { CURVES } from '../curves/all.ts';
import type { LoadRow } from '../load-row.ts';
import { fanOuts } from './fan-out.ts';
import { idles } from './idle.ts';
import { allWrites } from './writes.ts';

export const ROWS: readonly LoadRow[] = [...idles, ...fanOuts, ...allWrites, ...CURVES.map(rowOf)];
