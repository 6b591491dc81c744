import { HubWorld } from '../support/hub-world.ts';
import { TOPIC } from '../support/mutations.ts';
import type { ScriptedServer } from '../support/scripted-server.ts';

/** Two tabs that follow a topic with one record. The server says nothing of a write's effect unless the test does. */
export async function twoFollowers(init: (server: ScriptedServer) => void = () => undefined) {
  const world = new HubWorld();
  const { server } = world;
  server.echo = 'never';
  server.note(TOPIC, 'a', { title: 'A' });
  init(server);
  const [tab, other] = [await world.tab('tab1'), await world.tab('tab2')];
  tab.follow();
  other.follow();
  await world.settle();
  for (const one of [tab, other]) one.values.length = 0;
  return { world, server, tab, other };
}
