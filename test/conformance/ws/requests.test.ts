import Backbone from 'backbone';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { LogLevel } from '../../../src/base/log.ts';
import { connect } from '../../../src/index.ts';
import { freshBackbone } from '../../support/fresh-backbone.ts';
import { eventsOf, joinWs, type Ws } from './open-ws.ts';

afterEach(() => vi.unstubAllGlobals());

function taskOf({ backbone }: Ws): Backbone.Model {
  return new (backbone.Model.extend({ urlRoot: '/tasks' }) as new (attrs: object) => Backbone.Model)({
    id: 1,
  });
}

describe('a save', () => {
  it('[WS-33] hands beforeSend something that takes headers, and goes nowhere where that says false', async () => {
    const page = await joinWs();
    const task = taskOf(page);
    const seen: string[] = [];
    const beforeSend = (request: { setRequestHeader(name: string, value: string): unknown }) => {
      request.setRequestHeader('X-Nonce', '1');
      seen.push('called');
    };
    task.save({ title: 'Milk' }, { beforeSend } as object);
    task.save({ title: 'Bread' }, { beforeSend: () => false } as object);
    await page.world.settle();
    expect(seen).toEqual(['called']);
    expect(await page.world.server.rows('/tasks')).toEqual([{ id: 1, title: 'Milk' }]);
  });

  it("[WS-34] triggers 'request' on the model, with the request", async () => {
    const page = await joinWs();
    const task = taskOf(page);
    const told = eventsOf(task, 'request');
    const request = task.save({ title: 'Milk' });
    expect(told).toEqual([['request', task, request, expect.objectContaining({ xhr: request })]]);
  });

  it('[WS-35] calls success, or error', async () => {
    const page = await joinWs();
    page.world.server.refuse(({ set }) => set.title === '' && 'A task has a title');
    const called: string[] = [];
    const options = (name: string) => ({
      success: () => called.push(`${name} success`),
      error: () => called.push(`${name} error`),
    });
    taskOf(page).save({ title: 'Milk' }, options('first'));
    await page.world.settle();
    taskOf(page).save({ title: '' }, options('second'));
    await page.world.settle();
    expect(called).toEqual(['first success', 'second error']);
  });
});

describe('the whole', () => {
  it('[WS-44] has one connection for many resources and many tabs', async () => {
    const { world, ws, backbone } = await joinWs();
    const other = world.tab(freshBackbone());
    for (const url of ['/tasks', '/notes']) {
      ws.bind(new (backbone.Collection.extend({ url }))());
      ws.bind(new backbone.Model());
    }
    await world.settle();
    expect([world.server.sessions.size, other.medulla.isOpen]).toEqual([1, true]);
  });

  it('[WS-16] says all that goes in and out with debug, to the console or a function', async () => {
    const logged: [LogLevel, string][] = [];
    const log = (level: LogLevel, event: string) => void logged.push([level, event]);
    const { ws, world } = await joinWs({}, { log, debug: true });
    logged.length = 0;
    void ws.send('hello');
    await world.settle();
    expect(logged).toContainEqual(['debug', 'sent']);
    expect(logged).toContainEqual(['debug', 'heard']);
  });
});

/** A page's globals; resolves with what its SharedWorker is told that it is for. */
function page(): Promise<{ server: string }> {
  const page = 'https://app.test/board/';
  vi.stubGlobal('location', new URL(page));
  vi.stubGlobal('document', { baseURI: page, addEventListener: () => undefined });
  vi.stubGlobal('addEventListener', () => undefined);
  vi.stubGlobal('reportError', () => undefined);
  vi.stubGlobal('localStorage', {
    getItem: () => null,
    setItem: () => undefined,
    removeItem: () => undefined,
  });
  return new Promise((resolve) => {
    class SharedWorker {
      readonly port = { postMessage: () => undefined, close: () => undefined };
      constructor(_url: string, { name }: { name: string }) {
        resolve(JSON.parse(name));
      }
    }
    vi.stubGlobal('SharedWorker', SharedWorker);
  });
}

describe('the url', () => {
  it.each([
    [undefined, 'https://app.test'],
    ['wss://live.test/socket', 'https://live.test'],
    ['http://127.0.0.1:8080', 'http://127.0.0.1:8080'],
  ])('[WS-01] %j is the server %s', async (server, origin) => {
    const told = page();
    const medulla = connect(Backbone, { log: () => undefined, ...(server && { server }) });
    expect(await told).toMatchObject({ server: origin });
    medulla.close();
  });

  it.each(['http://', 'https://a b', 'wss://:1:2'])('[WS-01] %j throws a clear error', (server) => {
    void page();
    expect(() => connect(Backbone, { server })).toThrow(
      expect.objectContaining({ code: 'bad-option', message: expect.stringContaining('server is ') }),
    );
  });
});
