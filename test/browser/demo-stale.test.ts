import { afterEach, beforeEach, expect, it } from 'vitest';
import { DemoWorld } from '../support/browser/demo-world.ts';

let world: DemoWorld;
beforeEach(async () => {
  world = await DemoWorld.open();
});
afterEach(async () => {
  await world.close();
});

it('[DM21] offers a reload in a page that is older than its hub', async () => {
  // On the wire it is one of an older release.
  await world.context.addInitScript(() => {
    const { postMessage } = MessagePort.prototype;
    MessagePort.prototype.postMessage = function (this: MessagePort, message: object, ...rest: never[]) {
      const isHello = (message as { type?: string }).type === 'hello';
      postMessage.call(this, isHello ? { ...message, release: 1 } : message, ...rest);
    };
  });
  const page = await world.tab();
  const toast = page.locator('.toast').filter({ hasText: 'A newer version of the board is open.' });
  await toast.waitFor();
  const reloaded = page.waitForEvent('load');
  await toast.getByRole('button', { name: 'Reload' }).click();
  await reloaded;
  await page.locator('.card').first().waitFor();
  expect(world.complaints).toEqual([]);
});
