import type { HubContext } from '../context.ts';
import { LINGER } from '../journal.ts';
import type { Migration } from '../migration/migration.ts';
import type { Drain } from '../outbox/drain.ts';
import type { Intake } from '../outbox/intake.ts';
import type { Opened, Storage } from '../storage.ts';
import type { Seal } from '../users/seal.ts';

export interface TakeOverParts {
  readonly hub: HubContext;
  readonly intake: Intake;
  readonly drain: Drain;
  readonly migration: Migration;
  readonly seal: Seal;
  readonly storage: Storage;
  /** Whether the hub has ended meanwhile. */
  readonly ended: () => boolean;
}

/** Where the outbox of a hub without a disk begins to count: after all that an earlier hub may have left on one. */
export const placeInMemory = (now: number): number => 2 ** 40 + now * 1_000;

/**
 * The database could not be had at the start and is there now. What an earlier hub left in it goes before what is in
 * memory, which goes there now.
 */
export async function takeOver(
  { hub, intake, drain, migration, seal, storage, ended }: TakeOverParts,
  found: Opened,
  place: number,
): Promise<void> {
  const { outlet, replica, aliases, journal, clock, log } = hub;
  if (found.outbox.some(({ order }) => order > place)) {
    log('error', 'database-not-taken', {
      reason: 'its writes seem to be younger',
    });
    return;
  }
  log('info', 'database-found', { mutations: found.outbox.length });
  const filled = await replica.found(storage, found);
  if (ended()) return;
  aliases.found(found.aliases);
  seal.found(found);
  journal.found(storage, found);
  journal.write([...aliases.anew(), { type: 'putRecordVersion', recordVersion: replica.recordVersion }]);
  // Its tabs have been told whose it is, or they would have no hub.
  seal.signIn();
  seal.open();
  migration.look();
  for (const topic of filled) {
    for (const key of topic.records.keys()) outlet.touch(topic.name, key);
    outlet.topic(topic.name);
  }
  journal.write(replica.anew(clock.now()), LINGER.replica);
  intake.keep();
  journal.doubt();
  drain.pump();
}
