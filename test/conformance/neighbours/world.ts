import type Backbone from 'backbone';
import { afterEach } from 'vitest';
import type { Request } from '../../../src/client/calls/request.ts';
import { type TestOptions, type TestWorld, testMedulla } from '../../../src/testing.ts';
import { freshBackbone } from '../../support/fresh-backbone.ts';

let world: TestWorld<typeof Backbone> | undefined;
afterEach(async () => {
  await world?.close();
  world = undefined;
});

/** A page of an application, and the world around it, which ends with the test. */
export async function open(options: TestOptions = {}) {
  const backbone = freshBackbone();
  const made = testMedulla(backbone, {
    resources: { '/tasks': { public: true } },
    records: { '/tasks': [{ id: 1, title: 'one' }] },
    ...options,
  });
  world = made;
  await made.settle();
  return { ...made, backbone, tasks: tasksOf(backbone) };
}

export function tasksOf(copy: typeof Backbone, properties: object = {}): Backbone.Collection {
  return new (copy.Collection.extend({ url: '/tasks', ...properties }))();
}

/** Somebody else at the same browser, in a page of their own. */
export async function somebodyElse({ tab, settle }: Pick<TestWorld, 'tab' | 'settle'>) {
  const backbone = freshBackbone();
  tab(backbone);
  const tasks = tasksOf(backbone, { follow: true });
  tasks.fetch();
  await settle();
  return tasks;
}

/** What the options and the callbacks of Backbone's own types do not know of. */
export const requestOf = (returned: unknown) => returned as Request;
export const optionsOf = (options: object) => options as Backbone.ModelSaveOptions;
