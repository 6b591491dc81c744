import { expect, it } from 'vitest';
import { ENGINES, HOSTS, lack } from '../browser/acceptance/lacks.ts';

it('[EN3] names the first lack of the host or the engine, and nothing where there is none', () => {
  expect(lack('chromium', 'shared', ['tabs', 'workers', 'own worker', 'sleep', 'crash'])).toBeUndefined();
  expect(lack('webkit', 'page', [])).toBeUndefined();
  expect(lack('firefox', 'shared', ['tabs', 'workers', 'sleep'])).toBe(`firefox: ${ENGINES.firefox.workers}`);
  expect(lack('webkit', 'page', ['crash', 'tabs'])).toBe(`webkit: ${ENGINES.webkit.crash}`);
  expect(lack('webkit', 'page', ['tabs', 'crash'])).toBe(`page: ${HOSTS.page?.lacks.tabs}`);
});
