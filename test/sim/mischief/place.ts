import type { Dice } from '../../support/dice.ts';
import type { Device } from '../world/device.ts';
import type { SimTab } from '../world/sim-tab.ts';
import type { World } from '../world/world.ts';

/** Where mischief is done, and the dice of this one. */
export interface Place {
  readonly world: World;
  readonly tabs: SimTab[];
  readonly dice: Dice;
  open(device: Device): void;
}
