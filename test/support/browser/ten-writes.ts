import type { EngineTab } from '../engines/engine.ts';
import type { EngineWorld } from './engine-world.ts';
import { seen } from './seen.ts';

/** Ten new cards of a page. */
export const writeTen = (page: EngineTab, name: string): Promise<void> =>
  page.evaluate((name) => {
    for (let n = 0; n < 10; n++) t.create({ id: `${name}-${n}`, by: name });
  }, name);

/** Ten writes that are on the disk and nowhere else; there is no server afterwards, and the page knows. */
export async function queueTen(
  { server }: Pick<EngineWorld, 'server'>,
  page: EngineTab,
  name: string,
): Promise<void> {
  await server.kill();
  await seen(page, () => t.status().connection !== 'open');
  await writeTen(page, name);
  await seen(page, () => t.pending() === 0);
}
