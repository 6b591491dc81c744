import type { Row } from '../row.ts';
import type { ServerContestant } from './contestants.ts';
import type { LoadCell } from './load-cell.ts';

export type LoadRow = Row<ServerContestant, LoadCell>;
