import { describe, expect, it } from 'vitest';
import { world } from './world.ts';

describe('sign-out', () => {
  it('[US8] flushes what is on its way, erases, and tells every tab', async () => {
    const { browser, rows } = world();
    const [one, two] = [await browser.open({ user: 'ann' }), await browser.open({ user: 'ann' })];
    one.tasks.create({ id: 'a', title: 'of ann' });
    const done = one.medulla.signOut();
    await browser.settle();
    await done;
    expect(await rows()).toEqual(['a']);
    for (const { tasks, told, medulla } of [one, two]) {
      expect([tasks.length, told]).toEqual([0, ['signout ann']]);
      expect(medulla.status.attributes).toMatchObject({
        user: null,
        connection: 'closed',
        reason: 'no-user',
      });
    }
    expect(browser.held('ann')).not.toContain('of ann');
    expect(browser.memory.last).toBe(null);
  });
});
