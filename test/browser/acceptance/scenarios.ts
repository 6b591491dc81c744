import { asleep } from '../scenarios/asleep.ts';
import { connection } from '../scenarios/connection.ts';
import { disk } from '../scenarios/disk.ts';
import { killed } from '../scenarios/killed.ts';
import { leftAlone } from '../scenarios/left-alone.ts';
import { offline } from '../scenarios/offline.ts';
import { sharing } from '../scenarios/sharing.ts';
import { users } from '../scenarios/users.ts';
import type { Scenario } from './scenario.ts';

/** All that is asked of every engine and every host. */
export const SCENARIOS: readonly Scenario[] = [
  ...sharing,
  ...offline,
  ...connection,
  ...killed,
  ...leftAlone,
  ...asleep,
  ...disk,
  ...users,
];
