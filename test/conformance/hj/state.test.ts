import { describe, expect, it } from 'vitest';
import { exportState, importState } from '../../../src/models.ts';
import { freshBackbone } from '../../support/fresh-backbone.ts';
import { appModels } from './app-models.ts';

/** What a server has: everything under one root. */
function onTheServer() {
  const models = appModels(freshBackbone());
  const app = new models.App({ name: 'Board' });
  app.team.set({ id: 7, name: 'Us' });
  app.tasks.add([{ id: 'a', title: 'One' }, { title: 'No id yet' }]);
  Object.assign(app.tasks, { id: 'the-tasks' });
  app.tasks.get('a').notes.add({ id: 1, text: 'First' });
  return { ...models, app };
}

const inThePage = () => new (appModels(freshBackbone()).App)();

describe('the state of models that are shared', () => {
  it('[HJ-01] [HJ-04] is made on the server and rebuilt in a page by the same model file, each with its own Backbone', () => {
    const { app } = onTheServer();
    const page = inThePage();
    expect(importState(page, exportState(app))).toBe(page);
    expect(page.get('name')).toBe('Board');
    expect(page.team.id).toBe(7);
    expect(page.tasks.pluck('title')).toEqual(['One', 'No id yet']);
    expect(page.tasks.get('a').notes.pluck('text')).toEqual(['First']);
    expect(page.tasks.at(0)).toBeInstanceOf(page.tasks.model);
    expect(exportState(page).attributes).toEqual(exportState(app).attributes);
  });

  it('[HJ-02] [HJ-03] is all under one root: id, cid, attributes, models and collections, and nothing that leads back', () => {
    const { app } = onTheServer();
    const [one, two] = app.tasks.models;
    expect(exportState(app)).toEqual({
      id: null,
      cid: app.cid,
      attributes: { name: 'Board' },
      models: { team: { id: 7, cid: app.team.cid, attributes: { id: 7, name: 'Us' } } },
      collections: {
        tasks: {
          id: 'the-tasks',
          models: [
            {
              id: 'a',
              cid: one?.cid,
              attributes: { id: 'a', title: 'One' },
              collections: {
                notes: {
                  id: null,
                  models: [{ id: 1, cid: one?.notes.at(0).cid, attributes: { id: 1, text: 'First' } }],
                },
              },
            },
            {
              id: null,
              cid: two?.cid,
              attributes: { title: 'No id yet' },
              collections: { notes: { id: null, models: [] } },
            },
          ],
        },
      },
    });
  });

  it('[HJ-03] is the root alone where it is not to recurse, and leaves out whoever points at a model of a collection', () => {
    const { app } = onTheServer();
    expect(exportState(app, { recurse: false })).toEqual({
      id: null,
      cid: app.cid,
      attributes: { name: 'Board' },
    });
    expect(exportState(app.tasks, { recurse: false }).models[0]).not.toHaveProperty('collections');
    Object.assign(app, { chosen: app.tasks.at(0), root: app });
    expect(Object.keys(exportState(app).models ?? {})).toEqual(['team']);
  });

  it('[HJ-04] finds again what is there, takes out what is not, and tells it by events, or silently on request', () => {
    const { app } = onTheServer();
    const page = inThePage();
    page.tasks.add([{ id: 'a', title: 'Old', left: 1 }, { id: 'z' }]);
    const known = page.tasks.get('a');
    const events: string[] = [];
    for (const part of [page, page.team, page.tasks, known, known.notes])
      part.on('all', (name: string) => events.push(name));
    importState(page, exportState(app), { silent: true });
    // Backbone tells of a new id in any case: collections find their models by it.
    expect(events.filter((name) => name !== 'changeId')).toEqual([]);
    expect(page.tasks.get('a')).toBe(known);
    expect(known.toJSON()).toEqual({ id: 'a', title: 'One' });
    expect(page.tasks.map((task) => task.get('title'))).toEqual(['One', 'No id yet']);
    app.tasks.get('a').set({ title: 'Uno' });
    importState(page, exportState(app));
    expect(events).toContain('change:title');
    expect(Object.hasOwn(page.tasks, 'id') && page.tasks).toMatchObject({ id: 'the-tasks' });
  });

  it('[HJ-05] is JSON: it comes through a text as it was, as toJSON gives it and parse takes it', () => {
    const { app, Team } = onTheServer();
    Team.prototype.toJSON = () => ({ id: 7, since: app.team.get('since').getTime() });
    app.team.set({ since: new Date(5) });
    const state = exportState(app);
    expect(JSON.parse(JSON.stringify(state))).toEqual(state);
    expect(state.models?.team?.attributes).toEqual({ id: 7, since: 5 });
    const models = appModels(freshBackbone());
    models.Team.prototype.parse = ({ since, ...rest }) => ({ ...rest, since: new Date(since) });
    expect(importState(new models.App(), state).team.get('since')).toEqual(new Date(5));
  });

  it('[MO1] is not exported where it would come out as something else', () => {
    const { app } = onTheServer();
    const round: Record<string, unknown> = {};
    round.self = round;
    expect(() => exportState(app.set({ round }))).toThrow(expect.objectContaining({ code: 'bad-attribute' }));
    const sly = JSON.parse('{"__proto__": 1}');
    expect(() => exportState(app.set({ round: sly }))).toThrow(/__proto__/);
    expect(() => exportState({} as never)).toThrow(expect.objectContaining({ code: 'bad-option' }));
  });

  it.each([
    ['a part that is not there', { models: { other: { attributes: {} } } }, /other has no model/],
    ['a method for a part', { models: { fetch: { attributes: {} } } }, /fetch has no model/],
    ['no attributes', { attributes: 3 }, /attributes/],
    ['no models', { collections: { tasks: { models: 'x' } } }, /not of a collection/],
    [
      'a sly name',
      { collections: { tasks: { models: [{ attributes: JSON.parse('{"__proto__":{}}') }] } } },
      /__proto__/,
    ],
    ['nothing', null, /attributes/],
  ])('[MO1] is not imported, nor a part of it, where it has %s', (_what, state, problem) => {
    const page = inThePage();
    page.tasks.add({ id: 1 });
    const all = { attributes: { name: 'New' }, ...state };
    expect(() => importState(page, (state && all) as never)).toThrow(problem);
    expect([page.get('name'), page.tasks.length]).toEqual([undefined, 1]);
  });
});
