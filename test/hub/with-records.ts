import { HubWorld } from '../support/hub-world.ts';
import { TOPIC } from '../support/mutations.ts';

/** A tab of a hub, online, at a server that has two records. */
export async function withRecords(follow: boolean) {
  const world = new HubWorld();
  world.server.note(TOPIC, 'a', { title: 'A' });
  world.server.note(TOPIC, 'b', { title: 'B' });
  const tab = await world.tab('tab1');
  if (follow) tab.follow();
  await world.settle();
  return { world, server: world.server, tab };
}
