import type { MutationId } from '../../src/protocol/ids.ts';
import type { Receipt } from '../../src/protocol/receipt.ts';
import type { Requests } from '../../src/protocol/server-up.ts';
import { HubWorld } from '../support/hub-world.ts';
import { type MutationInit, TOPIC } from '../support/mutations.ts';
import type { RawTab } from '../support/raw-tab.ts';

/** The tab's next writes, as one batch. */
export function batchOf(tab: RawTab, ...inits: MutationInit[]) {
  const batch = { id: `${tab.id}:${tab.n + 1}` as MutationId, size: inits.length };
  return inits.map((init) => ({ batch, ...init }));
}

export const a = (set = {}): MutationInit => ({ record: 'a', base: 1, set });
export const b = (set = {}): MutationInit => ({ record: 'b', base: 2, set });

/** Refuses every push that sets `bad`, as a server does: all of it. */
export function refusing(world: HubWorld): void {
  world.server.on('push', ({ mutations }: Requests['push'], next) => {
    if (!mutations.some(({ mutation }) => 'bad' in mutation.set)) return next();
    const receipts = mutations.map(({ mutation }): Receipt => {
      const code = 'bad' in mutation.set ? 'invalid' : 'batch';
      return { type: 'invalid', ids: [mutation.id], code, message: code };
    });
    return { receipts, number: 1 };
  });
}

export async function world(): Promise<{ w: HubWorld; tab: RawTab; other: RawTab }> {
  const w = new HubWorld();
  w.server.note(TOPIC, 'a', { title: 'A' });
  w.server.note(TOPIC, 'b', { title: 'B' });
  const [tab, other] = [await w.tab('tab1'), await w.tab('tab2')];
  for (const one of [tab, other]) one.follow().post({ type: 'watch' });
  await w.settle();
  return { w, tab, other };
}

export const decide = (tab: RawTab, id: string, decision: 'retry' | 'discard', edit = {}) =>
  tab.post({ type: 'decide', id: id as MutationId, decision, edit });

/** Another hub over the same disk; the one before finds out with its next write. */
export async function restart(w: HubWorld, tab: RawTab): Promise<void> {
  w.start();
  await w.settle();
  tab.write({ record: 'z', method: 'create' });
  await w.settle();
}

export const told = (tab: RawTab, ...numbers: number[]) => numbers.map((n) => tab.story(n).at(-1));
