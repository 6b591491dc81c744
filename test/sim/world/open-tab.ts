import type { Device } from './device.ts';
import { SimTab } from './sim-tab.ts';
import type { World } from './world.ts';

export function openTab(world: World, device: Device, n: number): SimTab {
  const tab = new SimTab(world, device, n);
  world.story.tell(tab.name, 'opens');
  for (const collection of tab.collections)
    tab.ask(`fetches ${String(collection.url)}`, (callbacks) => collection.fetch({ ...callbacks } as never));
  return tab;
}
