import type { Curve } from '../curve.ts';
import { connections, followers } from './followers.ts';
import { catchUps, logs, records, snapshots, topics } from './stored.ts';

export const CURVES: readonly Curve[] = [topics, records, snapshots, logs, catchUps, followers, connections];
