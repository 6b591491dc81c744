import type { Device } from './device.ts';
import { SimTab } from './sim-tab.ts';
import type { World } from './world.ts';

/** A page of the application is opened, and fetches what it shows. */
export function openTab(world: World, device: Device): void {
  const n = world.tabs.filter((tab) => tab.device === device).length + 1;
  const tab = new SimTab(world, device, n);
  world.tabs.push(tab);
  world.story.tell(tab.name, 'opens');
  for (const collection of tab.collections)
    tab.ask(`fetches ${String(collection.url)}`, (callbacks) => collection.fetch({ ...callbacks } as never));
}
