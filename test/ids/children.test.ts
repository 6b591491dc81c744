import { describe, expect, it } from 'vitest';
import { sent } from '../server/support/fake-peer.ts';
import { collectionOf, idsOf, isTemporary, world } from './world.ts';

/** A project and a task of it, made without a connection. */
async function family() {
  const made = await world();
  const { browser, page } = made;
  const projects = collectionOf(page, '/projects');
  await browser.settle();
  browser.network.online = false;
  await browser.settle();
  const project = projects.add({ name: 'p' });
  project.save();
  await browser.settle();
  return { ...made, projects, project, temporary: String(project.id) };
}

describe('what is made under a record that has no id yet', () => {
  it('[ID9] arrives under the real one, its url included, and is followed there', async () => {
    const { browser, page, project, temporary, rowsOf, peer, pushed } = await family();
    expect(isTemporary(temporary)).toBe(true);
    const tasks = collectionOf(page, () => `/projects/${project.id}/tasks`);
    const events: string[] = [];
    tasks.on('all', (name) => events.push(name));
    await browser.settle();
    expect(page.medulla.stateOf(tasks)).toMatchObject({ loaded: true });
    const task = tasks.add({ title: 't' });
    const ids = idsOf(task);
    task.save();
    await browser.settle();
    expect(task.url()).toBe(`/projects/${temporary}/tasks/${task.id}`);
    browser.network.online = true;
    await browser.settle(60_000);
    expect(await rowsOf('/projects')).toEqual([{ id: 1, name: 'p' }]);
    expect(await rowsOf('/projects/1/tasks')).toEqual([{ id: 1, title: 't' }]);
    expect(pushed()).toHaveLength(2);
    expect([task.url(), ids.length]).toEqual(['/projects/1/tasks/1', 2]);
    expect(events.filter((name) => name === 'remove' || name === 'reset')).toEqual([]);
    const topic = '/projects/1/tasks';
    await peer.push(sent('x:1', { topic, record: 'other', set: { title: 'of another' } }));
    await browser.settle(1_000);
    expect(tasks.map((each) => each.get('title')).sort()).toEqual(['t', 'of another'].sort());
    expect(page.reported).toEqual([]);
  });

  it('[ID9] has a url that is a text of the collection rewritten', async () => {
    const { browser, page, temporary } = await family();
    const Tasks = page.backbone.Collection.extend({ follow: true });
    const tasks = new Tasks([], { model: page.backbone.Model });
    Object.assign(tasks, { url: `/projects/${temporary}/tasks` });
    tasks.fetch();
    await browser.settle();
    const task = tasks.add({ title: 't' });
    task.save();
    await browser.settle();
    browser.network.online = true;
    await browser.settle(60_000);
    expect([tasks.url, task.url()]).toEqual(['/projects/1/tasks', '/projects/1/tasks/1']);
    expect(page.medulla.stateOf(tasks)).toMatchObject({ loaded: true, synced: true });
  });

  it('[ID10] has the real id in its attributes, at any depth, in every tab and on the server, and no edit for it', async () => {
    const { browser, page, project, temporary, rowsOf, open } = await family();
    const other = await open();
    const task = page.tasks.add({ project: project.id, on: { lists: [project.id, 'x'] } });
    const changes: unknown[] = [];
    task.on('change:project', () => changes.push(task.get('project')));
    task.save();
    const draft = page.tasks.add({ title: 'draft' });
    draft.save();
    await browser.settle();
    expect(other.tasks.at(0)?.get('project')).toBe(temporary);
    draft.set('project', project.id);
    browser.network.online = true;
    await browser.settle(60_000);
    const real = { project: 1, on: { lists: [1, 'x'] } };
    expect(await rowsOf('/tasks')).toEqual([
      { id: 1, title: 'draft' },
      { id: 2, ...real },
    ]);
    expect([task.attributes, other.tasks.get(2)?.attributes]).toEqual([
      { id: 2, ...real },
      { id: 2, ...real },
    ]);
    expect(changes).toEqual([1]);
    expect(page.medulla.stateOf(task)).toMatchObject({ state: 'clean', changed: [] });
    expect(draft.get('project')).toBe(1);
    expect(page.medulla.stateOf(draft).changed).toEqual(['project']);
  });

  it('[ID10] still matches what its collection looks for', async () => {
    const { browser, page, project } = await family();
    const Tasks = page.backbone.Collection.extend({ url: '/tasks' });
    const tasks = new Tasks();
    page.medulla.follow(tasks, { where: { project: project.id } });
    await browser.settle();
    const task = tasks.add({ project: project.id });
    task.save();
    await browser.settle();
    browser.network.online = true;
    await browser.settle(60_000);
    expect(tasks.toJSON()).toEqual([{ id: 1, project: 1 }]);
    expect(tasks.at(0)).toBe(task);
  });

  it('[ID11] changes its id in other tabs too, where it was shown under the temporary one', async () => {
    const { browser, project, temporary, open } = await family();
    const other = await open();
    const projects = collectionOf(other, '/projects');
    await browser.settle();
    const model = projects.get(temporary);
    if (!model) throw new Error('The other tab does not show it');
    const events: string[] = [];
    projects.on('all', (name) => events.push(name));
    browser.network.online = true;
    await browser.settle(60_000);
    expect([model.id, project.id]).toEqual([1, 1]);
    expect(events.filter((name) => /^(add|remove|change:id)$/.test(name))).toEqual(['change:id']);
    expect(projects.models).toEqual([model]);
    expect(projects.get(temporary)).toBe(model);
  });
});
