import { expect, it } from 'vitest';
import { collectGarbage } from '../../support/collect-garbage.ts';
import { openPage } from './open-page.ts';

it('[IO-28] a collection that nobody uses any more is forgotten, and its topic let go', async () => {
  const page = await openPage();
  const { world, backend } = page;
  const Messages = page.collection({ backend: 'messages' });
  const held = await (async () => {
    const messages = new Messages();
    messages.fetch();
    await world.settle();
    return new WeakRef(messages);
  })();
  await world.settle();
  collectGarbage();
  expect(held.deref()).toBeUndefined();
  await backend.publish({ record: 1, set: { title: 'a' } });
  await world.settle();
});
