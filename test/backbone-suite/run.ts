/**
 * Backbone's own suites over our sync, in a real Chromium: `npm run backbone-suite -- CHECKOUT [TAG...]`. CHECKOUT is a clone
 * of Backbone's repository, or a bare one, of which nothing is kept here. What fails is run over stock sync too: only what
 * passes there is a fault of ours.
 */
import { join } from 'node:path';
import { build } from 'esbuild';
import { type Browser, chromium } from 'playwright-core';
import { findChromium } from '../tools/find-chromium.ts';
import { Checkout } from './checkout.ts';
import { originOf, serveSuites } from './suite-server.ts';

const TAGS = ['1.1.2', '1.2.3', '1.3.3', '1.4.1', '1.5.0', '1.6.1'];
const LIMIT = 120_000;

interface Suite {
  readonly tests: number;
  readonly assertions: number;
  readonly failed: readonly string[];
  readonly done: boolean;
  readonly installed?: boolean;
}

const [path, ...named] = process.argv.slice(2);
if (path === undefined) {
  console.error('Which checkout? npm run backbone-suite -- CHECKOUT [TAG...]');
  process.exit(2);
}

const server = await serveSuites(new Checkout(path), await packed());
const browser = await chromium.launch({ executablePath: await findChromium(), args: ['--no-sandbox'] });
try {
  for (const tag of named.length ? named : TAGS) {
    const suite = await run(browser, tag, '');
    const stock = suite.failed.length ? await run(browser, tag, '?stock') : undefined;
    report(tag, suite, stock?.failed ?? []);
  }
} finally {
  await browser.close();
  server.close();
}

/** The entry for tests as one script for a script tag. */
async function packed(): Promise<string> {
  const root = join(import.meta.dirname, '../..');
  const { outputFiles } = await build({
    entryPoints: [join(root, 'src/testing.ts')],
    bundle: true,
    format: 'iife',
    globalName: 'medulla',
    target: 'es2023',
    write: false,
  });
  return outputFiles[0]?.text ?? '';
}

async function run(browser: Browser, tag: string, search: '' | '?stock'): Promise<Suite> {
  const page = await browser.newPage();
  page.on('pageerror', (error) => console.error(`${tag}: ${error.stack ?? error}`));
  await page.goto(`${originOf(server)}/${tag}/test/index.html${search}`);
  await page.waitForFunction('suite.done', undefined, { timeout: LIMIT });
  const suite = await page.evaluate<Suite>('suite');
  await page.close();
  return suite;
}

function report(tag: string, suite: Suite, stock: readonly string[]): void {
  const { tests, assertions, failed, installed = false } = suite;
  const ours = failed.filter((one) => !stock.includes(one));
  const over = installed ? 'our sync' : 'STOCK SYNC: ours was not in place';
  console.log(`${tag}: ${tests} tests, ${assertions} assertions over ${over}, ${ours.length} failed`);
  for (const one of ours) console.log(`  ${one}`);
  for (const one of failed) if (stock.includes(one)) console.log(`  over stock sync too: ${one}`);
  if (ours.length || !installed) process.exitCode = 1;
}
