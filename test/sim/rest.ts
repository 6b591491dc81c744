import { different } from './checks/converging.ts';
import { stillThere } from './checks/durable.ts';
import { UNHINDERED } from './checks/no-blockade.ts';
import { heal } from './mischief/heal.ts';
import { giveUp } from './world/decide.ts';
import { openTab } from './world/open-tab.ts';
import type { SimTab } from './world/sim-tab.ts';
import { fetchShares } from './world/work.ts';
import type { World } from './world/world.ts';

/** How long the world may take to come to rest once everything works again, in virtual milliseconds. */
const REST = 360_000;

/** The pages of whom was shut out ask for the shares again. */
function shareAnew(world: World, alive: readonly SimTab[]): void {
  for (const tab of alive) if (world.rights.since(tab.device.user).includes('nobody')) fetchShares(tab);
}

/** Everything works again, but for poison, which its users give up in the end; then all has to be equal, and to stay so. */
export async function rest(world: World): Promise<void> {
  const { story, ledger, clock, observer } = world;
  story.tell('world', 'everything works again');
  heal(world);
  // Who was closing is closed.
  await clock.advance(3);
  for (const device of world.devices)
    if (!world.tabs.some((tab) => tab.device === device && !tab.process.dead)) openTab(world, device);
  const alive = world.tabs.filter((tab) => !tab.process.dead);
  const start = clock.now();
  // What was asked before everything worked has its answer by then.
  await clock.advance(2_500);
  if (world.hasShares) shareAnew(world, alive);
  let agreed = 0;
  // It has to stay equal for a while: what is still on its way must not change it.
  while (clock.now() < start + REST && agreed < 4 && ledger.failures.length === 0) {
    await clock.advance(2_500);
    observer.passed(world);
    for (const tab of alive) giveUp(tab, clock.now() > start + UNHINDERED + 10_000);
    agreed = different(world, alive).length === 0 ? agreed + 1 : 0;
  }
  if (ledger.failures.length > 0) return;
  for (const text of different(world, alive)) ledger.check('P4', false, () => text);
  for (const tab of alive)
    for (const asked of tab.asked)
      ledger.check('settled', asked.answers === 1, () => `${tab.name} never got an answer: ${asked.what}`);
  stillThere(ledger, (device, id) =>
    world.devices.some(
      ({ name, disk }) =>
        name === device && [...disk.rows.outbox.values()].some((row) => row.mutation.id === id),
    ),
  );
}
