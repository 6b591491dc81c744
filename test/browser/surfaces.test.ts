import type Backbone from 'backbone';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type * as surfaces from '../../src/surfaces.ts';
import { RawWorld } from '../support/browser/raw-world.ts';
import { seen } from '../support/browser/seen.ts';
import type { EngineTab } from '../support/engines/engine.ts';

let world: RawWorld;
beforeEach(async () => {
  world = await RawWorld.open();
});
afterEach(async () => {
  await world.close();
});

/** Lays both surfaces on the page's Medulla, follows a channel, and keeps what is heard in `window.heard`. */
async function begin(): Promise<void> {
  // Not by the word itself, of which the test's own loader would make something else.
  const load = new Function('path', 'return import(path)') as (path: string) => Promise<typeof surfaces>;
  const { backboneIO, backboneWS } = await load('/medulla/surfaces.js');
  const page = globalThis as unknown as { Backbone: typeof Backbone; heard: unknown[]; messages: unknown };
  const ws = backboneWS(t.medulla, { prefix: 'ws' });
  page.heard = [];
  ws.on('ws:message:said', (content: unknown) => page.heard.push(content));
  backboneIO(page.Backbone, t.medulla);
  const Messages = page.Backbone.Collection.extend({ backend: { name: 'messages', channel: 'a' } });
  const messages = new Messages();
  messages.on('backend:create', ({ title }: { title: string }) => page.heard.push(title));
  page.messages = messages;
  await messages.fetch();
  await ws.ready;
}

it('[SU1] [SU3] messages, and the ways of Backbone.WS and Backbone.IO, go through the worker of all tabs', async () => {
  const tabs = [await world.tab(), await world.tab()];
  for (const tab of tabs) await tab.evaluate(begin);
  const [first, second] = tabs;
  if (!first || !second) throw new Error('There are two');
  const answer = await first.evaluate(async () => {
    type Page = { Backbone: typeof Backbone; messages: Backbone.Collection };
    const { messages } = globalThis as unknown as Page;
    messages.create({ title: 'a message' });
    await t.medulla.flush();
    return JSON.stringify(await t.medulla.send({ hello: 1 }));
  });
  expect(JSON.parse(answer)).toEqual({ echo: { hello: 1 } });
  const heard = (tab: EngineTab, all: number) =>
    seen(
      tab,
      (all) => {
        const { heard } = globalThis as unknown as { heard: unknown[] };
        return heard.length >= all && heard;
      },
      all,
    );
  expect(await heard(first, 1)).toEqual([{ hello: 1 }]);
  expect(await heard(second, 2)).toEqual(['a message', { hello: 1 }]);
  expect(world.complaints).toEqual([]);
});
