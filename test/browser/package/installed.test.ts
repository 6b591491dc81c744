import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { build } from 'esbuild';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { ChromiumEngine } from '../../support/engines/chromium-engine.ts';
import { pack, root } from '../../support/package/unpacked.ts';
import { until } from '../../support/until.ts';

declare global {
  /** What the page's lines have rendered. */
  var shown: string[] | undefined;
}

let folder: string;
let engine: ChromiumEngine | undefined;
let server: ChildProcess | undefined;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'medulla-installed-'));
});
afterEach(async () => {
  server?.kill();
  await engine?.close();
  rmSync(folder, { recursive: true, force: true });
});

/** The manual's first code: the page's, and the server's. */
const [PAGE = '', SERVER = ''] = [
  ...readFileSync(join(root, 'README.md'), 'utf8').matchAll(/^```js\n([\s\S]*?)^```$/gm),
].map(([, code]) => code);

/** What the manual's reader has: a page that shows things, and an application that serves its files. */
const READERS_PAGE = 'globalThis.render = (tasks) => { globalThis.shown = tasks.pluck("title"); };';
const READERS_APP = `import { readFileSync } from 'node:fs';
const yourApp = ({ url }, response) => {
  response.setHeader('content-type', url === '/app.js' ? 'text/javascript' : 'text/html');
  response.end(url === '/app.js' ? readFileSync('app.js') : '<!doctype html><script type="module" src="/app.js"></script>');
};`;

it('[PK5] installed in an empty folder, its command and the first lines of the manual run', async () => {
  npm('init', '-y');
  npm('install', '--prefer-offline', '--no-audit', '--no-fund', '--ignore-scripts', pack(folder), 'backbone');
  npm('pkg', 'set', 'type=module');
  expect(readdirSync(join(folder, 'node_modules'))).not.toContain('jquery');
  // As npx calls it, which would be confused where npx has called this very test.
  execFileSync(join(folder, 'node_modules/.bin/backbone-medulla'), ['init', 'public/'], { cwd: folder });
  expect(readdirSync(join(folder, 'public/medulla'))).toContain('shared-worker.js');

  const port = await served();
  writeFileSync(join(folder, 'page.js'), `${READERS_PAGE}\n${PAGE}`);
  await build({
    absWorkingDir: folder,
    entryPoints: ['page.js'],
    bundle: true,
    format: 'esm',
    outfile: 'app.js',
    logLevel: 'error',
  });
  engine = await ChromiumEngine.start();
  const page = await engine.open(`http://127.0.0.1:${port}/`);
  await page.waitForFunction(() => globalThis.shown?.includes('Written in a tunnel'));
  await until('the server has written it', () => titles().includes('Written in a tunnel'));
  expect(titles()).toHaveLength(1);
});

function npm(...args: string[]): void {
  execFileSync('npm', args, { cwd: folder, stdio: ['ignore', 'ignore', 'inherit'] });
}

/** The manual's server runs; gives its port, which the manual fixes. */
async function served(): Promise<string> {
  const told = "listen(0, '127.0.0.1', () => console.log(web.address().port))";
  const code = SERVER.replace('listen(8080)', told);
  expect(code).toContain(told);
  writeFileSync(join(folder, 'server.js'), `${READERS_APP}\n${code}`);
  server = spawn(process.execPath, ['server.js'], { cwd: folder, stdio: ['ignore', 'pipe', 'inherit'] });
  if (!server.stdout) throw new Error('The server says nothing');
  const [port] = await once(server.stdout, 'data');
  return String(port).trim();
}

/** The titles of the tasks on the server's disk. */
function titles(): unknown[] {
  const db = new DatabaseSync(join(folder, 'app.db'), { readOnly: true });
  try {
    return db
      .prepare('SELECT attrs FROM records')
      .all()
      .map(({ attrs }) => JSON.parse(String(attrs)).title);
  } finally {
    db.close();
  }
}
