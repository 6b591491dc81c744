import type { Page } from 'playwright-core';

export interface Save {
  readonly id: string;
  /** Whether only the server's own answer will do. */
  readonly wait: boolean;
}

interface Saving {
  /** The status that each save was answered with; 0 where it has no answer yet. */
  saves: Record<string, number>;
}

/** Makes all these cards in one turn. */
export const burst = (page: Page, saves: readonly Save[]): Promise<void> =>
  page.evaluate((list) => {
    const all = globalThis as unknown as Partial<Saving>;
    all.saves ??= {};
    const { saves } = all as Saving;
    for (const { id, wait } of list) {
      saves[id] = 0;
      const card = t.cards.add({ id });
      const request = card.save({ title: id }, { wait }) as unknown as PromiseLike<void> & { status: number };
      const end = () => {
        saves[id] = request.status || -1;
      };
      request.then(end, end);
    }
  }, saves);

/** What each save of this page was answered with. */
export const answers = async (page: Page): Promise<ReadonlyMap<string, number>> =>
  new Map(Object.entries(await page.evaluate(() => (globalThis as unknown as Partial<Saving>).saves ?? {})));
