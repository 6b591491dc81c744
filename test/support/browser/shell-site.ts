import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { filled } from '../../../demo/precache.ts';

const root = join(import.meta.dirname, '../../..');
const text = (path: string) => readFileSync(join(root, path), 'utf8');
const BASE = '/app/';
const SCRIPTS = ['index.js', 'page-hub.js', 'shared-worker.js'];

/** One deploy of a small application under `/app/`, its hashed names and all. `lazy` is loaded when it is asked for; build 0 registers no service worker. */
function build(number: number, server: string): Map<string, string> {
  const files = new Map([
    ['index.html', page(number)],
    [`assets/app-${number}.js`, script(number, server)],
    [`assets/lazy-${number}.js`, `export const lazy = 'lazy of ${number}';`],
    ['vendor/underscore.js', text('node_modules/underscore/underscore-umd.js')],
    ['vendor/backbone.js', text('node_modules/backbone/backbone.js')],
    ...SCRIPTS.map((name) => [`scripts/${name}`, text(`dist/${name}`)] as const),
  ]);
  const list = [...files].map(([name, body]) => ({
    url: name,
    revision: name.startsWith('assets/') ? null : createHash('sha256').update(body).digest('hex'),
  }));
  return files.set('service-worker.js', filled(text('dist/service-worker.js'), list));
}

const page = (number: number) => `<!doctype html><title>Build ${number}</title>
<script src="${BASE}vendor/underscore.js"></script><script src="${BASE}vendor/backbone.js"></script>
<script type="module" src="${BASE}assets/app-${number}.js"></script>`;

const script = (number: number, server: string) => `
import { connect } from '${BASE}scripts/index.js';
const worker = '${BASE}scripts/shared-worker.js';
const medulla = connect(Backbone, { routes: ['/cards'], server: '${server}', worker }).install();
const cards = new (Backbone.Collection.extend({ url: '/cards', follow: true }))();
let accepted = false;
navigator.serviceWorker.addEventListener('controllerchange', () => accepted && location.reload());
globalThis.shell = {
  medulla, cards,
  ready: cards.fetch().then(() => true, () => true),
  lazy: async () => (await import('${BASE}assets/lazy-${number}.js')).lazy,
  /** The person at the page agrees to the version that waits. */
  accept(registration) { accepted = true; registration.waiting.postMessage({ type: 'SKIP_WAITING' }); },
};
if (${number} > 0) navigator.serviceWorker.register('${BASE}service-worker.js?except=${BASE}print/');
`;

/** What the site's pages show to tests. */
declare global {
  var shell: {
    readonly medulla: { readonly status: { toJSON(): Record<string, unknown> } };
    readonly cards: { create(attrs: object): { id: unknown }; readonly length: number };
    readonly ready: Promise<boolean>;
    lazy(): Promise<string>;
    accept(registration: ServiceWorkerRegistration): void;
  };
}

/** A static host with one application below `/app/`, of which another build can be deployed, and which can be down. */
export class ShellSite {
  readonly #server: string;
  /** Names that it answers with 500. */
  readonly broken = new Set<string>();
  /** Files in the place of a build's. */
  readonly replaced = new Map<string, string>();
  #files = new Map<string, string>();
  #http: Server | undefined;
  #port = 0;

  /** `server`: the origin of the Medulla server. */
  constructor(server: string) {
    this.#server = server;
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}${BASE}`;
  }

  /** The files of the build before are gone. */
  deploy(number: number): void {
    this.#files = build(number, this.#server);
  }

  async start(): Promise<void> {
    const http = createServer((request, response) => {
      const { pathname } = new URL(request.url ?? '/', 'http://site');
      const name = pathname === BASE ? 'index.html' : pathname.slice(BASE.length);
      const body = this.replaced.get(name) ?? this.#files.get(name);
      const status = this.broken.has(name) ? 500 : body === undefined ? 404 : 200;
      const type = name.endsWith('.js') ? 'text/javascript' : 'text/html';
      response.writeHead(status, { 'content-type': type, 'cache-control': 'no-cache' });
      response.end(status === 200 ? body : `The server says ${status}`);
    });
    http.listen(this.#port, '127.0.0.1');
    await once(http, 'listening');
    this.#port = (http.address() as AddressInfo).port;
    this.#http = http;
  }

  stop(): void {
    this.#http?.closeAllConnections();
    this.#http?.close();
    this.#http = undefined;
  }
}
