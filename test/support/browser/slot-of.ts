import type { Page } from 'playwright-core';

/** What is recorded of the worker that all pages join. */
export const slotOf = (page: Page): Promise<{ slot: number; url: string; release: number }> =>
  page.evaluate(() => {
    const key = Object.keys(localStorage).find((name) => name.startsWith('medulla:'));
    return JSON.parse(localStorage.getItem(key ?? '') ?? 'null');
  });
