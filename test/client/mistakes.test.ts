import { describe, expect, it } from 'vitest';
import { settle } from '../../src/testing/virtual-clock.ts';
import { freshBackbone } from '../support/fresh-backbone.ts';
import { requestOf } from './support/backbone-request.ts';
import { followed, openPage } from './support/page.ts';

/** The error that the call throws. */
function thrownBy(act: () => unknown): unknown {
  try {
    act();
  } catch (error) {
    return error;
  }
  throw new Error('Nothing was thrown');
}

describe('what is not fit to be sent', () => {
  it.each([
    ['__proto__', JSON.parse('{"__proto__": 1}')],
    ['constructor', { constructor: 'x' }],
    ['prototype', { deep: [{ prototype: 1 }] }],
  ])('[TB39] is refused in the call, by name: %s', async (name, attrs) => {
    const { hub, model, tasks, medulla } = await followed({ n: 1 });
    model.save({ n: 2 });
    await settle();
    hub.refused(hub.mutation(0));
    hub.tell({
      outbox: {
        items: [{ mutation: hub.mutation(0), state: 'rejected', attempts: 1, receipt: null }],
        gone: [],
      },
    });
    await settle();
    const item = medulla.outbox.models[0] as unknown as { retry(edit: object): void };
    await settle();
    const heard = hub.heard.length;
    for (const act of [
      () => model.save(null, { attrs } as object),
      () => model.save(attrs, { patch: true }),
      () => tasks.create(new tasks.model({ id: 9 }), { attrs } as object),
      () => tasks.fetch({ data: attrs }),
      () => item.retry(attrs),
    ])
      expect(thrownBy(act)).toMatchObject({
        code: 'bad-attribute',
        message: expect.stringContaining(`named ${name}`),
      });
    await settle();
    expect(hub.heard).toHaveLength(heard);
    expect(medulla.stateOf(model).changed).toContain('n');
  });

  it('[TB39] is refused as in stock Backbone where JSON has no word for it, and keeps nothing else from changing', async () => {
    const { hub, model, tasks, medulla, reported } = await followed({ n: 1 });
    const big = 10n ** 20n;
    expect(thrownBy(() => model.save({ big }))).toMatchObject({ name: 'TypeError', code: 'bad-attribute' });
    expect(medulla.stateOf(model).changed).toEqual(['big']);
    const circular: { self?: unknown } = {};
    circular.self = circular;
    model.set({ circular });
    hub.shows(1, { n: 2 });
    await settle();
    expect([tasks.pluck('n'), model.get('big'), model.get('circular')]).toEqual([[2], big, circular]);
    expect(reported).toEqual([]);
  });
});

describe('a mistake of the caller', () => {
  it('[TB39] is thrown with a code', async () => {
    const { medulla, backbone, tasks, model } = await followed({ n: 1 });
    const Other = freshBackbone();
    for (const [act, code] of [
      [() => medulla.follow(new Other.Model()), 'bad-option'],
      [() => medulla.sync('update', tasks as never, {}), 'not-allowed'],
      [() => model.save({ file: new Blob(['x']) }), 'bad-attribute'],
    ] as const)
      expect(thrownBy(act)).toMatchObject({ code });
    expect(backbone).toBeDefined();
  });

  it.each([[['tasks']], ['/tasks'], [[7]]])(
    '[TB39] is said where routes are no paths: %j',
    async (routes) => {
      await expect(openPage({ routes: routes as never })).rejects.toMatchObject({
        code: 'bad-option',
        message: expect.stringContaining('routes'),
      });
    },
  );
});

describe('once Medulla is closed', () => {
  it('[TB34] what is asked ends with abort, and is not handed over later either', async () => {
    const { hub, medulla, model, tasks } = await followed({ n: 1 });
    medulla.close();
    const heard = hub.heard.length;
    for (const request of [
      model.save({ n: 2 }),
      tasks.fetch(),
      model.fetch(),
      tasks.create({ n: 3 }).save({ n: 4 }),
    ])
      await expect(requestOf(request)).rejects.toMatchObject({ code: 'abort', status: 0 });
    medulla.open();
    await settle();
    expect(hub.mutations).toEqual([]);
    expect(hub.heard.length).toBeGreaterThan(heard);
    expect(medulla.stateOf(model).changed).toEqual(['n']);
    model.save();
    await settle();
    expect(hub.mutations).toMatchObject([{ set: { n: 2 } }]);
  });

  it('[TB33] flush rejects, if there is something left; also one that waits already', async () => {
    const { hub, medulla, model } = await followed({ n: 1 });
    model.save({ n: 2 });
    await settle();
    hub.tell({ status: { pending: 1 } });
    await settle();
    const before = medulla.flush();
    medulla.close();
    await expect(before).rejects.toMatchObject({ code: 'abort' });
    await expect(medulla.flush()).rejects.toMatchObject({ code: 'abort' });
    const { medulla: idle } = await openPage();
    await expect(idle.close().flush()).resolves.toBeUndefined();
  });

  it('[TB34] the page that wakes up leaves it closed', async () => {
    let show = () => undefined as unknown;
    const { hub, medulla } = await openPage({
      lifecycle: {
        listen(handlers) {
          show = handlers.show;
        },
      },
    });
    medulla.close();
    show();
    await settle();
    expect([hub.of('hello').length, medulla.isOpen]).toEqual([1, false]);
    medulla.open();
    await settle();
    expect(hub.of('hello').length).toBe(2);
  });
});
