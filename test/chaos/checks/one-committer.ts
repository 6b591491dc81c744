import { until } from '../../support/until.ts';
import type { Ledger } from '../ledger.ts';
import type { Tab } from '../tab.ts';
import type { Disk } from '../words.ts';

/** P8: the browser's database is that of the one hub that its user's tabs talk to, and has what that has: nothing. */
export async function oneCommitter(tabs: readonly Tab[], ledger: Ledger): Promise<boolean> {
  for (const tab of tabs) {
    let disk: Disk | undefined;
    const isClean = await until(
      'the database is as its hub is',
      async () => {
        disk = await tab.page.evaluate(() => chaos.disk());
        return disk.outbox === 0 && disk.hubs.includes(disk.boot);
      },
      20_000,
    ).catch(() => false);
    ledger.check('P8', isClean, [], () => `${tab.user}'s database is ${JSON.stringify(disk)}`);
    if (!isClean) return false;
  }
  return true;
}
