import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname } from 'node:path';
import type { Checkout } from './checkout.ts';

const TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css',
  '.html': 'text/html',
  '.js': 'text/javascript',
};

/** Tells whoever waits what each assertion and each test came to. */
const RECORD = `<script>
  window.suite = { tests: 0, assertions: 0, failed: [], done: false };
  QUnit.log(function (one) {
    suite.assertions += 1;
    if (!one.result) suite.failed.push([one.module, one.name, one.message, String(one.actual) + ' for ' + String(one.expected)].join(' | '));
  });
  QUnit.testDone(function () { suite.tests += 1; });
  QUnit.done(function () { suite.done = true; });
</script>`;

/** Between two scripts of a page all that is a matter of promises alone comes about. */
const INSTALL = `<script src="/medulla.js"></script>
<script>
  (function (stock) {
    medulla.testAjax(Backbone);
    addEventListener('load', function () { suite.installed = Backbone.ajaxSync === stock; });
  })(Backbone.sync);
</script>`;

/** The suite's own page; unless `isStock`, with Medulla's sync in the place of Backbone's before anything looks at that. */
function pageOf(html: string, isStock: boolean): string {
  const qunit = /<script src="[^"]*qunit\.js"><\/script>/;
  const environment = /<script src="(setup\/)?(dom-setup|environment)\.js"><\/script>/;
  if (!qunit.test(html) || !environment.test(html))
    throw new Error('This is no page of a suite that is known');
  const recorded = html.replace(qunit, (tag) => `${tag}${RECORD}`);
  return isStock ? recorded : recorded.replace(environment, (tag) => `${INSTALL}${tag}`);
}

/** Serves what the checkout has at each tag under its name; `script` is the package's. Asked with `?stock`, a page is as it was. */
export async function serveSuites(checkout: Checkout, script: string): Promise<Server> {
  const server = createServer((request, response) => {
    const { pathname, search } = new URL(request.url ?? '/', 'http://localhost');
    const [, tag = '', ...rest] = pathname.split('/');
    const path = rest.join('/');
    const file = pathname === '/medulla.js' ? Buffer.from(script) : checkout.file(tag, path);
    if (!file) return void response.writeHead(404).end();
    response.setHeader('content-type', TYPES[extname(pathname)] ?? 'application/octet-stream');
    response.end(path === 'test/index.html' ? pageOf(file.toString(), search === '?stock') : file);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}

export const originOf = (server: Server): string =>
  `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
