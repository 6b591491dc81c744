import type Backbone from 'backbone';
import { onTestFinished } from 'vitest';
import type { Backend } from '../../../src/server/resource/backend.ts';
import type { ResourceOptions } from '../../../src/server/resource/resource.ts';
import { type TestOptions, testMedulla } from '../../../src/testing.ts';
import { freshBackbone } from '../../support/fresh-backbone.ts';

export type Page = Awaited<ReturnType<typeof openBackend>>;

/** A page, and a server with the backend 'messages', open to everybody; both until the test ends. */
export async function openBackend(
  build: (backend: Backend) => unknown = () => undefined,
  options: ResourceOptions = {},
  more: TestOptions = {},
) {
  const backbone = freshBackbone();
  const world = testMedulla(backbone, { log: () => undefined, ...more });
  onTestFinished(() => world.close());
  const backend = world.server.backend('messages', { public: true, ...options });
  build(backend);
  await world.settle();
  const Message = backbone.Model.extend({ urlRoot: '/messages' });
  const Messages = backbone.Collection.extend({ url: '/messages' }) as new () => Backbone.Collection;
  const read = async () => {
    const messages = new Messages();
    messages.fetch();
    await world.settle();
    return messages.toJSON() as object[];
  };
  return { backbone, world, backend, Message, Messages, read };
}

/** Saves a new model; resolves with it once it is settled, rejects with what was wrong. */
export async function write({ Message, world }: Page, attrs: object, properties: object = {}) {
  const model = new (Message as new (attrs: object) => Backbone.Model)(attrs);
  Object.assign(model, properties);
  const saved = model.save() as unknown as Promise<unknown>;
  await world.settle();
  await saved;
  return model;
}

export const codeOf = (promise: Promise<unknown>): Promise<string> =>
  promise.then(String, (error) => error.code);
