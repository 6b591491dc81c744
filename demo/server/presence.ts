import type { MedullaServer, Resource, Store } from 'backbone-medulla/server';

const GONE = { online: false, at: '' };
const ALL = { rows: 10_000, bytes: 10_000_000 };

/** Publishes who is connected. A person may have several browsers open, and is here as long as one of them is. */
export async function keepPresence(medulla: MedullaServer, people: Resource, store: Store): Promise<void> {
  const open = new Map<string, number>();
  // Those whom the server's fall found connected.
  const { rows } = await store.page(people.topic(), null, ALL);
  const stale = rows.filter(([, , { online }]) => online === true);
  if (stale.length > 0) await people.publish(stale.map(([record]) => ({ record, set: GONE })));

  medulla.on('connect', ({ user, identity }) => {
    open.set(user, (open.get(user) ?? 0) + 1);
    const name = nameIn(identity);
    people.publish({ record: user, set: { online: true, name } }).catch(report);
  });
  medulla.on('disconnect', ({ user }) => {
    const left = (open.get(user) ?? 1) - 1;
    if (left > 0) open.set(user, left);
    else open.delete(user);
    if (left <= 0) people.publish({ record: user, set: GONE }).catch(report);
  });
}

function nameIn(identity: unknown): string {
  return typeof identity === 'object' && identity !== null && 'name' in identity ? String(identity.name) : '';
}

/** Presence is told again at the next connection: its loss is no reason to fall. */
function report(error: unknown): void {
  console.warn('Presence was not published:', error);
}
