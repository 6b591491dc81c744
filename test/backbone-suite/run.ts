/**
 * Backbone's own suites over our sync, in a real Chromium: `npm run backbone-suite -- CHECKOUT [TAG...]`. CHECKOUT is a clone
 * of Backbone's repository, or a bare one, of which nothing is kept here. `--stock` runs them without us, to compare.
 */
import { join } from 'node:path';
import { parseArgs } from 'node:util';
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

const { values, positionals } = parseArgs({
  options: { stock: { type: 'boolean', default: false } },
  allowPositionals: true,
});
const [path, ...named] = positionals;
if (path === undefined) {
  console.error('Which checkout? npm run backbone-suite -- CHECKOUT [TAG...] [--stock]');
  process.exit(2);
}

const server = await serveSuites(new Checkout(path), values.stock ? undefined : await packed());
const browser = await chromium.launch({ executablePath: await findChromium(), args: ['--no-sandbox'] });
try {
  for (const tag of named.length ? named : TAGS) report(tag, await run(browser, tag));
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

async function run(browser: Browser, tag: string): Promise<Suite> {
  const page = await browser.newPage();
  page.on('pageerror', (error) => console.error(`${tag}: ${error.stack ?? error}`));
  await page.goto(`${originOf(server)}/${tag}/test/index.html`);
  await page.waitForFunction('suite.done', undefined, { timeout: LIMIT });
  const suite = await page.evaluate<Suite>('suite');
  await page.close();
  return suite;
}

function report(tag: string, { tests, assertions, failed, installed }: Suite): void {
  const over = values.stock ? 'stock sync' : installed ? 'our sync' : 'WITHOUT OUR SYNC';
  console.log(`${tag}: ${tests} tests, ${assertions} assertions, ${failed.length} failed, over ${over}`);
  for (const one of failed) console.log(`  ${one}`);
  if (failed.length || (!installed && !values.stock)) process.exitCode = 1;
}
