import type Backbone from 'backbone';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Refusal } from '../../src/server/resource/refusal.ts';
import { type TestWorld, testMedulla } from '../../src/testing.ts';
import { deferred } from '../support/deferred.ts';
import { freshBackbone } from '../support/fresh-backbone.ts';

let world: TestWorld<typeof Backbone>;
let backbone: typeof Backbone;
beforeEach(() => {
  backbone = freshBackbone();
  world = testMedulla(backbone, { log: () => undefined, resources: { '/tasks': { public: true } } });
});
afterEach(() => world.close());

/** What the server hears, and answers by the function. */
function listen(answer: (content: unknown) => unknown = () => undefined): unknown[] {
  const heard: unknown[] = [];
  world.server.on('message', (_session, content) => {
    heard.push(content);
    return answer(content);
  });
  return heard;
}

function hears(medulla: TestWorld<typeof Backbone>['medulla']): unknown[][] {
  const heard: unknown[][] = [];
  medulla.on('message', (...args: unknown[]) => heard.push(args));
  return heard;
}

const code = (promise: Promise<unknown>) => promise.then(String, (error) => error.code);

describe('a message to the server', () => {
  it('[SU1] is read during the call, and its answer is that of the first listener that has one', async () => {
    const heard = listen();
    listen(async () => ({ by: 'second' }));
    listen(() => 'third');
    const content = { ping: 1 };
    const answer = world.medulla.send(content);
    content.ping = 2;
    await world.settle();
    expect(await answer).toEqual({ by: 'second' });
    expect(heard).toEqual([{ ping: 1 }]);
  });

  it('[SU1] is answered with null where nobody has anything to say', async () => {
    const answers = [world.medulla.send(), world.medulla.send(false)];
    const heard = listen();
    await world.settle();
    expect(await Promise.all(answers)).toEqual([null, null]);
    expect(heard).toEqual([null, false]);
  });

  it('[SU1] rejects with the code of a Refusal, and with retry where the listener throws', async () => {
    listen((content) => {
      throw content === 'no' ? new Refusal('No', { code: 'invalid' }) : new Error('broken');
    });
    const codes = [code(world.medulla.send('no')), code(world.medulla.send('yes'))];
    await world.settle();
    expect(await Promise.all(codes)).toEqual(['invalid', 'retry']);
  });

  it('[SU2] waits for a connection, in order', async () => {
    const heard = listen();
    await world.settle();
    world.line.cut();
    await world.settle();
    for (const n of [1, 2, 3]) void world.medulla.send(n);
    await world.settle();
    expect(heard).toEqual([]);
    world.line.mend();
    await world.settle();
    expect(heard).toEqual([1, 2, 3]);
  });

  it('[SU2] fails where the connection is lost before its answer, and does not go again', async () => {
    const held = deferred<void>();
    const heard = listen(() => held.promise);
    await world.settle();
    const failed = code(world.medulla.send('once'));
    await world.clock.turn(10);
    world.line.cut();
    held.resolve();
    await world.settle();
    world.line.mend();
    await world.settle();
    expect(await failed).toBe('unreachable');
    expect(heard).toEqual(['once']);
  });

  it('[SU2] fails where it is one too many of those that wait', async () => {
    const heard = listen();
    await world.settle();
    world.line.cut();
    await world.settle();
    const codes = Array.from({ length: 1_001 }, (_, n) => code(world.medulla.send(n)));
    await world.settle();
    expect(await codes.at(-1)).toBe('unreachable');
    world.line.mend();
    await world.settle();
    expect(heard).toHaveLength(1_000);
  });

  it('[SU2] that is longer than the server takes fails by itself', async () => {
    await world.close();
    world = testMedulla(backbone, { log: () => undefined, limits: { bytes: 2_000 } });
    const heard = listen();
    await world.settle();
    const codes = [code(world.medulla.send('é'.repeat(600))), code(world.medulla.send('short'))];
    await world.settle();
    expect(await Promise.all(codes)).toEqual(['too-large', 'null']);
    expect([heard, world.server.sessions.size]).toEqual([['short'], 1]);
  });

  it('[SU1] that is no safe JSON is refused', async () => {
    const heard = listen();
    const bad = code(world.medulla.send(JSON.parse('{"__proto__": {"x": 1}}')));
    await world.settle();
    expect(await bad).toBe('bad-attribute');
    expect(heard).toEqual([]);
  });
});

describe('a message of the server', () => {
  it('[SU3] reaches every tab, by its type and in order', async () => {
    const other = world.tab(freshBackbone());
    const heard = [hears(world.medulla), hears(other.medulla)];
    await world.settle();
    world.server.send('news', { title: 'Hello' });
    world.server.send('', 7);
    await world.settle();
    const all = [
      ['news', { title: 'Hello' }],
      ['', 7],
    ];
    expect(heard).toEqual([all, all]);
  });

  it('[SU3] reaches the tabs of one session, or of those that follow a topic', async () => {
    const other = world.tab(freshBackbone(), { user: 'ann' });
    const heard = [hears(world.medulla), hears(other.medulla)];
    await world.settle();
    for (const session of world.server.sessions) if (session.user === 'ann') session.send('you');
    world.medulla.follow(new (backbone.Collection.extend({ url: '/tasks' }))());
    await world.settle();
    world.server.send('tasks', null, { topic: '/tasks' });
    await world.settle();
    expect(heard).toEqual([[['tasks', null]], [['you', undefined]]]);
  });
});
