import { until } from '../until.ts';
import type { Chromium } from './chromium.ts';

/** Clicks the element that `isMeant` is true for, also in the shadows of the browser's own pages; whether there is one. */
const click = (isMeant: string) => `(() => {
  const all = (root) =>
    [...root.querySelectorAll('*')].flatMap((one) => [one, ...(one.shadowRoot ? all(one.shadowRoot) : [])]);
  const found = all(document).find(${isMeant});
  found?.click();
  return found !== undefined;
})()`;

/** Opens one of the browser's own pages, and closes it once that is clicked. */
async function clickOn(browser: Chromium, url: string, isMeant: string): Promise<void> {
  const page = await browser.open(url);
  await until(`${url} is clicked`, () => page.evaluate<boolean>(click(isMeant)).catch(() => false));
  await page.close();
}

/**
 * What has the browser discard the tab that shows a url, as it does for want of memory: its own page `chrome://discards`,
 * since its protocol has no word for it. Such pages are closed until somebody opens them, once.
 */
export function discardsPage(browser: Chromium): (url: string) => Promise<void> {
  let opened: Promise<void> | undefined;
  return async (url) => {
    opened ??= clickOn(
      browser,
      'chrome://chrome-urls',
      `({ localName, textContent }) => localName === 'cr-button' && /Enable/.test(textContent)`,
    );
    await opened;
    await clickOn(
      browser,
      'chrome://discards',
      `(one) => one.textContent.trim() === '[Urgent Discard]' &&
        one.closest('tr').querySelector('.tab-url-cell').textContent.trim() === ${JSON.stringify(url)}`,
    );
  };
}
