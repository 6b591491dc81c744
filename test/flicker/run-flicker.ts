import type Backbone from 'backbone';
import type { UserId } from '../../src/protocol/ids.ts';
import { asMeant } from '../sim/checks/as-meant.ts';
import { different } from '../sim/checks/converging.ts';
import { once } from '../sim/checks/once.ts';
import { Device } from '../sim/world/device.ts';
import { openTab } from '../sim/world/open-tab.ts';
import { World } from '../sim/world/world.ts';
import { watch } from './watch.ts';

export interface FlickerRun {
  /** What was shown twice, or again. */
  readonly flicker: readonly string[];
  /** What was not equal at the end. */
  readonly different: readonly string[];
  /** What was shown, in order. */
  readonly shown: readonly string[];
  readonly story: readonly string[];
}

/** Two browsers with two pages each write values that nobody else writes, while lines are cut and hubs die. */
export async function runFlicker(seed: number): Promise<FlickerRun> {
  const world = new World(seed, (ledger) => [once(ledger), asMeant(ledger)]);
  const dice = world.dice.fork('flicker');
  const flicker: string[] = [];
  const shown: string[] = [];
  world.startServers();
  for (const name of ['A', 'B']) {
    const device = new Device(world, name, 'ann' as UserId);
    world.devices.push(device);
    for (const _ of [1, 2]) openTab(world, device);
  }
  const { tabs } = world;
  await world.clock.advance(1_000);
  const first = tabs[0]?.collections[1];
  for (const id of ['k1', 'k2', 'k3']) first?.create({ id, title: `${id} 0`, n: 0 });
  await world.clock.advance(5_000);
  for (const { name, collections, process } of tabs) {
    for (const [i, collection] of collections.entries()) {
      const who = `${name}.${String(collection.url)}${i}`;
      const fail = (text: string) => process.running && flicker.push(text);
      watch(who, collection, fail, (text) => {
        shown.push(text);
        world.story.tell(name, text);
      });
    }
  }

  /** Its disk knows of all that the server has done with its writes: else the next hub has to show them again, until it is told. */
  const isUpToDate = ({ disk }: Device) =>
    [...disk.rows.outbox.values()].every(
      ({ mutation, receipt }) => receipt || !world.ledger.writes.get(mutation.id)?.receipt,
    );

  let count = 0;
  function act(): void {
    const tab = dice.pick(tabs);
    if (!tab.process.running) return;
    const collection = dice.pick([tab.collections[0], tab.collections[1], tab.collections[3]]);
    if (!collection) return;
    const value = `${tab.name} ${++count}`;
    const models = collection.models as Backbone.Model[];
    if (models.length === 0 || dice.chance(0.1)) {
      world.story.tell(tab.name, `creates ${value}`);
      collection.create({ title: value }, { wait: dice.chance(0.2) });
      return;
    }
    const model = dice.pick(models);
    const name = dice.pick(['title', 'note', 'tags']);
    const attrs = { [name]: name === 'tags' ? [value, { deep: value }] : value };
    const how = { wait: dice.chance(0.1), patch: dice.chance(0.3) };
    world.story.tell(tab.name, `saves ${model.id} ${JSON.stringify(attrs)} ${JSON.stringify(how)}`);
    model.save(attrs, how);
  }

  for (let step = 0; step < 40; step++) {
    for (let n = dice.int(0, 3); n > 0; n--) act();
    await world.clock.advance(dice.pick([0, 1, 3, 10, 50, 400, 4_000]));
    if (!dice.chance(0.15)) continue;
    const device = dice.pick(world.devices);
    if (dice.chance(0.4) && isUpToDate(device)) device.current?.process.kill();
    else
      for (const link of world.network.linksOf(device.name))
        link.cut('cut', dice.int(0, 300), dice.int(0, 300));
    world.story.tell(device.name, 'is hit');
  }
  const end = world.clock.now() + 120_000;
  while (world.clock.now() < end && different(world, tabs).length > 0) await world.clock.advance(1_000);
  return { flicker, different: different(world, tabs), shown, story: world.story.lines };
}
