import { expect, it } from 'vitest';
import { Refusal } from '../../src/server/resource/refusal.ts';
import { testCore } from '../server/support/test-core.ts';
import { SharedBrowser } from '../users/shared-browser.ts';

interface Item {
  retry(edit?: object): void;
  discard(): void;
}

it.each([
  ['retried', (item: Item) => item.retry({ title: 'good' })],
  ['discarded', (item: Item) => item.discard()],
] as const)(
  '[TB32] tells in every tab of no error more once what was refused is %s',
  async (_how, decide) => {
    const { core } = testCore();
    core.resource('/tasks', { public: true }).use('update', async (ctx, next) => {
      if (ctx.set.title === 'bad') throw new Refusal('Not that one', { code: 'invalid' });
      await next();
    });
    const browser = new SharedBrowser(core);
    const [mine, theirs] = [await browser.open({ user: 'ann' }), await browser.open({ user: 'ann' })];
    const outbox = mine.medulla.outbox as unknown as { readonly models: readonly Item[] };
    const task = mine.tasks.create({ title: 'old' });
    await browser.settle(1_000);
    task.save({ title: 'bad' });
    await browser.settle(1_000);
    const seen = () =>
      [mine, theirs].map(({ medulla, tasks }) => {
        const { state, error } = medulla.stateOf(tasks.at(0));
        return [state, error?.code];
      });
    expect(seen()).toEqual([
      ['rejected', 'invalid'],
      ['rejected', 'invalid'],
    ]);
    for (const item of [...outbox.models]) decide(item);
    await browser.settle(1_000);
    expect(seen()).toEqual([
      ['clean', undefined],
      ['clean', undefined],
    ]);
  },
);
