import type Backbone from 'backbone';
import { describe, expect, it, onTestFinished } from 'vitest';
import { until } from '../../support/until.ts';
import type { DialectServer, DialectUnderTest } from './dialect-server.ts';
import { type DialectTab, type DialectWorld, dialectWorld } from './dialect-world.ts';

/** What every dialect does, whatever its wire: tabs, a hub, its outbox and its replica before a server that exists already. */
export function dialectContract(dialect: DialectUnderTest): void {
  async function begin(): Promise<{
    server: DialectServer;
    world: DialectWorld;
    tab: DialectTab;
    tasks: Backbone.Collection;
  }> {
    const server = await dialect.serve();
    onTestFinished(() => server.stop());
    const world = dialectWorld(dialect.connection(server, () => undefined));
    onTestFinished(() => world.end());
    const tab = world.tab();
    return { server, world, tab, tasks: tab.collection('/tasks', { follow: true }) };
  }

  const saved = (model: Backbone.Model, attrs: object, options: object = {}) =>
    model.save(attrs, { wait: true, ...options }) as unknown as Promise<unknown>;
  const created = async (tasks: Backbone.Collection, attrs: object) => {
    const model = tasks.create(attrs) as Backbone.Model;
    await until(() => typeof model.id === 'number');
    return model;
  };
  const titles = (tasks: Backbone.Collection) => tasks.pluck('title');
  const writes = (server: DialectServer) => server.asked.filter(({ method }) => method !== 'read');
  const pending = (tab: DialectTab) => tab.medulla.status.get('pending') as number;

  describe(dialect.name, () => {
    it('[DI1] creates, reads, updates and deletes, and takes what the server makes of it', async () => {
      const { server, tasks, tab } = await begin();
      server.put('/tasks', { id: 77, title: 'Old' });
      await tasks.fetch();
      expect(tasks.toJSON()).toEqual([{ id: 77, title: 'Old' }]);
      const task = await created(tasks, { title: 'New', done: false });
      expect(task.toJSON()).toMatchObject({ id: 1, title: 'New', revision: 1 });
      await saved(task, { done: true });
      expect(task.get('revision')).toBe(2);
      expect(server.records('/tasks')[1]).toEqual({ id: 1, title: 'New', done: true, revision: 2 });
      await (tasks.get(77)?.destroy({ wait: true }) as unknown as Promise<unknown>);
      expect(server.records('/tasks').map(({ id }) => id)).toEqual([1]);
      const again = new (tab.backbone.Model.extend({ urlRoot: '/tasks' }))({ id: 1 });
      await again.fetch();
      expect(again.toJSON()).toEqual({ id: 1, title: 'New', done: true, revision: 2 });
      expect(writes(server).map(({ method }) => method)).toEqual(['create', 'update', 'delete']);
    });

    it('[DI2] sends an update with the whole record, also where it was never read here', async () => {
      const { server, tab } = await begin();
      server.put('/notes', { id: 5, title: 'A', body: 'B' });
      const Note = tab.backbone.Model.extend({ urlRoot: '/notes' });
      const note = new Note({ id: 5 });
      await note.fetch();
      server.put('/notes', { id: 5, title: 'A', body: 'C' });
      await saved(note, { title: 'Z' });
      const [update] = writes(server);
      expect(update).toMatchObject({ method: 'update', topic: '/notes', attrs: { id: 5, title: 'Z' } });
      expect(Object.keys(update?.attrs ?? {}).sort()).toEqual(['body', 'id', 'title']);
    });

    it('[DI2] sends a patch as what it is, or as a whole update where the wire has no patches', async () => {
      const { server, tasks } = await begin();
      server.put('/tasks', { id: 5, title: 'A', body: 'B' });
      await tasks.fetch();
      const [task] = tasks.models;
      if (!task) throw new Error('It is not there');
      await saved(task, { title: 'Z' }, { patch: true });
      const [sent] = writes(server);
      expect(sent?.method).toBe(dialect.patches ? 'patch' : 'update');
      expect(sent).toMatchObject({ id: 5, attrs: { title: 'Z' } });
      expect('body' in (sent?.attrs ?? {})).toBe(!dialect.patches);
      expect(server.records('/tasks')).toEqual([{ id: 5, title: 'Z', body: 'B', revision: 1 }]);
    });

    it('[DI1] keeps the order of a record', async () => {
      const { server, tasks } = await begin();
      const task = await created(tasks, { n: 0 });
      const all = [1, 2, 3, 4, 5].map((n) => saved(task, { n }));
      await Promise.all(all);
      const order = writes(server).map(({ attrs }) => attrs?.n as number);
      expect(order).toEqual([...order].sort((a, b) => a - b));
      expect(server.records('/tasks')).toMatchObject([{ n: 5 }]);
    });

    it('[DI3] keeps what is written without a server, over a reload, and sends it once', async () => {
      const { server, world, tab, tasks } = await begin();
      await created(tasks, { title: 'A' });
      await server.stop();
      const kept = tasks.create({ title: 'B' }) as Backbone.Model;
      tasks.at(0).save({ title: 'A2' });
      await until(() => pending(tab) === 2 && kept.id && !tab.medulla.isOpen);
      expect(kept.id).toMatch(/^~/);
      await world.end();
      await server.start();
      const next = world.tab();
      const list = next.collection('/tasks', { follow: true });
      await list.fetch();
      await next.medulla.flush();
      await list.fetch();
      expect(titles(list).sort()).toEqual(['A2', 'B']);
      expect(
        writes(server)
          .map(({ method }) => method)
          .sort(),
      ).toEqual(['create', 'create', 'update']);
      expect(server.records('/tasks')).toHaveLength(2);
    });

    it('[DI4] sends again what had no answer, under the same key', async () => {
      const { server, tasks, tab } = await begin();
      await created(tasks, { title: 'A' });
      server.loseAnswer();
      tasks.create({ title: 'B' });
      await until(() => writes(server).filter(({ attrs }) => attrs?.title === 'B').length === 2);
      await tab.medulla.flush();
      const found = server.records('/tasks').filter(({ title }) => title === 'B');
      expect(found).toHaveLength(dialect.once ? 1 : 2);
      await tasks.fetch();
      expect(titles(tasks).sort()).toEqual(['A', ...found.map(() => 'B')]);
    });

    it('[DI3] goes on with a server that was gone, and with what has changed there meanwhile', async () => {
      const { server, tab, tasks } = await begin();
      await created(tasks, { title: 'A' });
      await tasks.fetch();
      await server.stop();
      server.put('/tasks', { id: 1, title: 'A2' });
      await server.start();
      tab.medulla.open();
      await until(() => tab.medulla.status.get('connection') === 'open');
      await tasks.fetch();
      await until(() => titles(tasks)[0] === 'A2');
      expect(tasks.length).toBe(1);
    });

    it('[DI6] serves two tabs with one socket, which see each other', async () => {
      const { server, world, tasks } = await begin();
      await tasks.fetch();
      const other = world.tab().collection('/tasks', { follow: true });
      await other.fetch();
      const task = await created(tasks, { title: 'A' });
      await until(() => other.length === 1);
      await saved(task, { title: 'B' });
      await until(() => titles(other)[0] === 'B');
      expect(other.pluck('id')).toEqual([task.id]);
      if (server.sockets !== null) expect(server.sockets).toBe(1);
    });

    it('[DI5] says what the server refuses, in its words, and keeps nothing of it in the way', async () => {
      const { server, tasks, tab } = await begin();
      const task = await created(tasks, { title: 'A' });
      server.refuse('No such title');
      const error = (await saved(task, { title: 'Bad' }).catch((thrown) => thrown)) as Error & {
        status: number;
      };
      expect(error.message).toContain('No such title');
      expect(error.status).toBeGreaterThanOrEqual(400);
      expect(server.records('/tasks')).toMatchObject([{ title: 'A' }]);
      await saved(task, { title: 'Good' });
      expect(server.records('/tasks')).toMatchObject([{ title: 'Good' }]);
      await until(() => tab.medulla.status.get('rejected') === 0);
    });

    it('[DI7] shows what others change at the server: told at once, or with the next fetch', async () => {
      const { server, tasks } = await begin();
      server.put('/tasks', { id: 5, title: 'A' });
      await tasks.fetch();
      server.put('/tasks', { id: 5, title: 'B' });
      server.put('/tasks', { id: 6, title: 'C' });
      if (!dialect.tells) await tasks.fetch();
      await until(() => titles(tasks).join() === 'B,C');
      server.drop('/tasks', 5);
      if (!dialect.tells) await tasks.fetch();
      await until(() => titles(tasks).join() === 'C');
    });
  });
}
