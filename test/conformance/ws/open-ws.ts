import type Backbone from 'backbone';
import { onTestFinished } from 'vitest';
import type { Events } from '../../../src/client/backbone.ts';
import {
  type WebSocketOptions,
  webSocketSurface,
} from '../../../src/client/surfaces/ws/web-socket-surface.ts';
import { VirtualClock } from '../../../src/testing/virtual-clock.ts';
import { type TestOptions, testMedulla } from '../../../src/testing.ts';
import { freshBackbone } from '../../support/fresh-backbone.ts';

/** A page that came from Backbone.WS, its hub and its server, until the test ends; `heard`: what the server was sent. */
export function openWs(
  given: WebSocketOptions | ((backbone: typeof Backbone) => WebSocketOptions) = {},
  options: TestOptions = {},
) {
  const backbone = freshBackbone();
  const resources = { '/tasks': { public: true }, '/notes': { public: true } };
  const world = testMedulla(backbone, { resources, log: () => undefined, ...options });
  onTestFinished(() => world.close());
  const heard: unknown[] = [];
  world.server.on('message', (_session, content) => {
    heard.push(content);
  });
  const timers = new VirtualClock();
  const ws = webSocketSurface(world.medulla, typeof given === 'function' ? given(backbone) : given, timers);
  const Tasks = backbone.Collection.extend({ url: '/tasks' }) as new () => Backbone.Collection;
  return { backbone, world, ws, heard, timers, Tasks, model: new backbone.Model() };
}

export type Ws = ReturnType<typeof openWs>;

/** The same, once it is connected. */
export async function joinWs(...args: Parameters<typeof openWs>): Promise<Ws> {
  const page = openWs(...args);
  await page.world.settle();
  return page;
}

/** All events of these names, with what they were given. */
export function eventsOf(target: object, ...names: string[]): unknown[][] {
  const told: unknown[][] = [];
  for (const name of names) (target as Events).on(name, (...args: unknown[]) => told.push([name, ...args]));
  return told;
}
