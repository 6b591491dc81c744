import type Backbone from 'backbone';
import { onTestFinished } from 'vitest';
import type { Medulla } from '../../../src/client/medulla.ts';
import { type BackendOptions, backendSurface } from '../../../src/client/surfaces/io/backend-surface.ts';
import { type TestOptions, testMedulla } from '../../../src/testing.ts';
import { freshBackbone } from '../../support/fresh-backbone.ts';

type Made<T> = new (models?: unknown, options?: object) => T;

/** Puts the surface on a Backbone, with what it sends by ajax. */
function surfaced(backbone: typeof Backbone, medulla: Medulla<typeof Backbone>, options: BackendOptions) {
  const ajax: string[] = [];
  backbone.ajax = (({ url, type }: { url: string; type: string }) =>
    void ajax.push(`${type} ${url}`)) as never;
  const io = backendSurface(backbone, options, {
    medulla,
    page: () => 'http://localhost/',
    report: console.error,
  });
  const collection = (properties: object) =>
    backbone.Collection.extend(properties) as unknown as Made<Backbone.Collection & { bindBackend(): void }>;
  const model = (properties: object) => backbone.Model.extend(properties) as unknown as Made<Backbone.Model>;
  return { backbone, medulla, io, ajax, collection, model };
}

/** A page that came from Backbone.IO, until the test ends: only what has a backend goes over the line. */
export async function openPage(options: BackendOptions = {}, more: TestOptions = {}) {
  const backbone = freshBackbone();
  const world = testMedulla(backbone, { routes: [], log: () => undefined, ...more });
  onTestFinished(() => world.close());
  const backend = world.server.backend('messages', { public: true, methods: ['archive'] });
  const own = surfaced(backbone, world.medulla, options);
  await world.settle();
  /** Another browser's page. */
  const other = async (user = 'ann') => {
    const theirs = freshBackbone();
    const page = surfaced(theirs, world.tab(theirs, { user }).medulla, options);
    await world.settle();
    return page;
  };
  return { ...own, world, backend, other };
}
