import { describe, expect, it } from 'vitest';
import { createMedulla } from '../../../src/client/create-medulla.ts';
import { exportState, hydration, importState, stateScript } from '../../../src/models.ts';
import { CoreConnection } from '../../../src/testing/core-connection.ts';
import { seededRandom } from '../../../src/testing/seeded-random.ts';
import { TestBrowser } from '../../../src/testing/test-browser.ts';
import { TestServer } from '../../../src/testing/test-server.ts';
import { settle, VirtualClock } from '../../../src/testing/virtual-clock.ts';
import { freshBackbone } from '../../support/fresh-backbone.ts';
import { appModels } from './app-models.ts';

const log = () => undefined;

/** A server with records, and a browser whose pages come from it. */
async function site() {
  const clock = new VirtualClock();
  const server = new TestServer(
    {
      resources: {
        '/tasks': { public: true },
        '/secret': { authorize: ({ user, session }) => user === 'ann' && session.identity === 'boss' },
      },
      records: {
        '/tasks': [
          { id: 1, title: 'One' },
          { id: 2, title: 'Two' },
        ],
        '/secret': [{ id: 's' }],
      },
    },
    { clock, log, random: seededRandom(1) },
  );
  await server.filled;
  const connection = new CoreConnection(server.core, clock);
  const browser = new TestBrowser({ connection, clock, random: () => seededRandom(2), log });
  let pages = 10;
  const page = (state?: unknown, user = '') => {
    const backbone = freshBackbone();
    const medulla = createMedulla(backbone, {
      host: browser.host,
      locks: browser.locks,
      clock,
      random: seededRandom(++pages),
      log,
      user,
      page: () => 'http://localhost/',
      report: (error) => {
        throw error;
      },
      ...(state !== undefined && { hydrate: hydration(state) }),
    }).install();
    const models = appModels(backbone);
    return { medulla, models, tasks: new models.Tasks() };
  };
  /** What was asked of the server since, and whether it was told what is there already. */
  const asked = () => connection.asked.splice(0).map(({ name, request }) => [name, request]);
  return { clock, server, connection, page, asked };
}

const throughThePage = (state: unknown): unknown => {
  const script = stateScript(state);
  return JSON.parse(script.slice(script.indexOf('>') + 1, script.lastIndexOf('<')));
};
const titles = (tasks: { pluck(name: string): unknown }) => tasks.pluck('title');

describe('the first state', () => {
  it('[HJ-06] comes with the connection, of what is followed', async () => {
    const { page, asked } = await site();
    const { medulla, tasks } = page();
    medulla.follow(tasks);
    await settle();
    expect(titles(tasks)).toEqual(['One', 'Two']);
    expect(asked()).toEqual([['follow', { topics: [{ topic: '/tasks', cursor: null, live: true }] }]]);
  });

  it('[HJ-06] comes with the page: it is there at once, and nothing of it is fetched again', async () => {
    const { page, asked, server } = await site();
    const state = await server.snapshot(['/tasks']);
    const { medulla, tasks } = page(throughThePage(state));
    const events: string[] = [];
    medulla.follow(tasks);
    expect(titles(tasks)).toEqual(['One', 'Two']);
    tasks.on('all', (name: string) => events.push(name));
    await settle();
    expect(asked()).toEqual([
      ['follow', { topics: [{ topic: '/tasks', cursor: state.topics[0]?.snapshot.cursor, live: true }] }],
    ]);
    expect(events).toEqual(['medulla:synced']);
    await tasks.fetch();
    expect(asked()).toEqual([]);
    await server.publish('/tasks', { record: 1, set: { title: 'Uno' } });
    await settle();
    expect(titles(tasks)).toEqual(['Uno', 'Two']);
    tasks.get(2).save({ title: 'Zwei' });
    await settle();
    expect(await server.rows('/tasks')).toMatchObject([{ title: 'Uno' }, { title: 'Zwei' }]);
    expect(medulla.stateOf(tasks.get(2))).toMatchObject({ state: 'clean', changed: [] });
  });

  it('[HJ-06] goes with an imported tree, whose models keep what is typed meanwhile', async () => {
    const { page, server } = await site();
    const there = appModels(freshBackbone());
    const app = new there.App();
    app.tasks.add(await server.rows('/tasks'));
    const state = { app: exportState(app), medulla: await server.snapshot(['/tasks']) };
    const { app: own, medulla: more } = throughThePage(state) as typeof state;
    const { medulla, models } = page(more);
    const here = importState(new models.App(), own);
    const one = here.tasks.get(1);
    medulla.follow(here.tasks);
    one.set({ title: 'Typed' });
    await server.publish('/tasks', { record: 1, set: { title: 'Uno', other: 1 } });
    await settle();
    expect([here.tasks.get(1) === one, one.get('title'), one.get('other')]).toEqual([true, 'Typed', 1]);
    expect(medulla.stateOf(one).changed).toEqual(['title']);
  });

  it('[MO6] catches up from a page that is older, and from a replica that is newer than the page', async () => {
    const { page, asked, server, connection } = await site();
    const old = await server.snapshot(['/tasks']);
    await server.publish('/tasks', { record: 1, set: { title: 'Uno' } });
    const first = page(old);
    first.medulla.follow(first.tasks);
    await settle();
    expect(titles(first.tasks)).toEqual(['Uno', 'Two']);
    const later = new first.models.Tasks();
    first.medulla.release(first.tasks).follow(later);
    expect(titles(later)).toEqual([]);
    await settle();
    expect(titles(later)).toEqual(['Uno', 'Two']);
    expect(asked().map(([name]) => name)).toEqual(['follow', 'release', 'follow']);
    const second = page(await server.snapshot(['/tasks']));
    second.medulla.follow(second.tasks);
    await settle();
    expect(asked()).toEqual([]);
    connection.online = false;
    const third = page(old);
    third.medulla.follow(third.tasks);
    await settle();
    expect(titles(third.tasks)).toEqual(['Uno', 'Two']);
  });

  it('[MO6] is taken by a hub that knows less of the same log, and by none of another', async () => {
    const { page, server, connection } = await site();
    const first = page();
    first.medulla.follow(first.tasks);
    await settle();
    connection.online = false;
    await server.publish('/tasks', { record: 2, deleted: true });
    const second = page(await server.snapshot(['/tasks']));
    second.medulla.follow(second.tasks);
    await settle();
    expect([titles(first.tasks), titles(second.tasks)]).toEqual([['One'], ['One']]);
    const other = await (await site()).server.snapshot(['/tasks']);
    const third = page({
      ...other,
      topics: other.topics.map((one) => ({ ...one, snapshot: { ...one.snapshot, rows: [] } })),
    });
    third.medulla.follow(third.tasks);
    await settle();
    expect(titles(third.tasks)).toEqual(['One']);
  });

  it('[MO6] is not shown to another user, nor made for one who may not read it', async () => {
    const { page, server, connection } = await site();
    await expect(server.snapshot(['/secret'], { user: 'ann' })).rejects.toMatchObject({ code: 'forbidden' });
    await expect(server.snapshot(['/nothing'])).rejects.toMatchObject({ code: 'unknown-resource' });
    const state = await server.snapshot(['/secret'], { user: 'ann', identity: 'boss' });
    expect(state.topics[0]?.snapshot.rows).toHaveLength(1);
    connection.online = false;
    const shown = ['bob', 'ann'].map((user) => {
      const { medulla, models } = page(state, user);
      const secret = Object.assign(new models.Tasks(), { url: '/secret' });
      medulla.follow(secret);
      return secret;
    });
    expect(shown.map(({ length }) => length)).toEqual([0, 1]);
    await settle();
    expect(shown.map(({ length }) => length)).toEqual([0, 1]);
  });

  it('[MO6] stands in an element that nothing in it can end', () => {
    const sly = { text: '</script><script>alert(1)</script><!--' };
    expect(stateScript(sly).match(/</g)).toHaveLength(2);
    expect(throughThePage(sly)).toEqual(sly);
    expect(stateScript(1, 'own')).toBe('<script type="application/json" id="own">1</script>');
    expect(() => stateScript(1, 'a"b')).toThrow(expect.objectContaining({ code: 'bad-option' }));
    expect(() => hydration({ user: 'ann' })).toThrow(/topics/);
  });
});
