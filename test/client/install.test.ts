import { describe, expect, it } from 'vitest';
import { createMedulla } from '../../src/client/create-medulla.ts';
import { seededRandom } from '../../src/testing/seeded-random.ts';
import { settle, VirtualClock } from '../../src/testing/virtual-clock.ts';
import { freshBackbone } from '../support/fresh-backbone.ts';
import { HostDouble, HubDouble } from './support/hub-double.ts';
import { openPage } from './support/page.ts';

const bare = (backbone: Parameters<typeof createMedulla>[0], routes?: string[]) =>
  createMedulla(backbone, {
    host: new HostDouble(new HubDouble()),
    locks: { hold: async () => () => undefined },
    clock: new VirtualClock(),
    random: seededRandom(1),
    log: () => undefined,
    page: () => 'http://localhost/',
    report: () => undefined,
    ...(routes ? { routes } : {}),
  });

describe('install', () => {
  it('[TB27] replaces Backbone.sync for its routes, keeps the stock one, and uninstall puts it back', async () => {
    const backbone = freshBackbone();
    const stock = backbone.sync;
    const ajax: string[] = [];
    backbone.ajax = ((options: { url: string }) => ajax.push(options.url)) as never;
    const medulla = bare(backbone, ['/tasks', '/lists/']);
    expect(backbone.sync).toBe(stock);
    medulla.install().install();
    const { ajaxSync } = backbone as unknown as { ajaxSync: unknown };
    expect(ajaxSync).toBe(stock);
    const fetch = (url: string, options = {}) => new (backbone.Collection.extend({ url }))().fetch(options);
    for (const url of ['/tasks', '/tasks/1/notes', '/lists']) expect(fetch(url)).toHaveProperty('abort');
    expect(ajax).toEqual([]);
    fetch('/tasksandmore');
    fetch('/others');
    fetch('https://elsewhere.test/tasks');
    expect(ajax).toHaveLength(3);
    fetch('/tasks', { ajaxSync: true });
    fetch('/tasks', { xhr: true });
    fetch('/tasks', { async: false });
    expect(ajax).toHaveLength(6);
    medulla.uninstall();
    expect([backbone.sync, 'ajaxSync' in backbone]).toEqual([stock, false]);
  });

  it('[TB27] keeps an ajaxSync that is there, and calls it', async () => {
    const backbone = freshBackbone();
    const calls: unknown[] = [];
    const own = (...args: unknown[]) => calls.push(args[0]);
    Object.assign(backbone, { ajaxSync: own });
    const medulla = bare(backbone, ['/tasks']).install();
    new (backbone.Collection.extend({ url: '/others' }))().fetch();
    medulla.uninstall();
    expect([calls, backbone]).toMatchObject([['read'], { ajaxSync: own }]);
  });

  it('[TB27] may be of several bridges, the last of which comes first, and undone in any order', () => {
    const backbone = freshBackbone();
    const stock = backbone.sync;
    const [one, two] = [bare(backbone, ['/one', '/both']), bare(backbone, ['/two', '/both'])];
    const ajax: string[] = [];
    backbone.ajax = ((options: { url: string }) => ajax.push(options.url)) as never;
    const asked: string[] = [];
    one.on('error', () => asked.push('one'));
    two.on('error', () => asked.push('two'));
    const fetch = (url: string) =>
      (new (backbone.Collection.extend({ url }))().fetch() as { abort?(): void }).abort?.();
    const fetchAll = () => {
      asked.length = ajax.length = 0;
      for (const url of ['/one', '/two', '/both', '/none']) fetch(url);
      return [asked.join(' '), ajax.join(' ')];
    };
    one.install();
    two.install();
    expect(fetchAll()).toEqual(['one two two', '/none']);
    one.uninstall();
    expect(fetchAll()).toEqual(['two two', '/one /none']);
    one.install();
    expect(fetchAll()).toEqual(['one two one', '/none']);
    two.uninstall();
    one.uninstall().uninstall();
    expect(fetchAll()).toEqual(['', '/one /two /both /none']);
    expect([backbone.sync, 'ajaxSync' in backbone]).toEqual([stock, false]);
  });

  it('[TB27] is not needed: a class, an instance or a call may have sync of its own, or choose another bridge', async () => {
    const { backbone, medulla, hub } = await openPage();
    medulla.uninstall();
    const One = backbone.Model.extend({ urlRoot: '/tasks', sync: medulla.sync });
    new One({ id: 1 }).save({ n: 1 });
    medulla.install();
    const calls: unknown[] = [];
    const bridge = { sync: (method: string) => calls.push(method) };
    const Two = backbone.Model.extend({ urlRoot: '/tasks', medulla: bridge });
    new Two({ id: 2 }).save({ n: 1 });
    new (backbone.Model.extend({ urlRoot: '/tasks' }))({ id: 3 }).fetch({ medulla: bridge } as object);
    await settle();
    expect([hub.mutations.length, calls]).toEqual([1, ['update', 'read']]);
  });

  it('[TB27] refuses models of another copy of Backbone, and says so', async () => {
    const { medulla } = await openPage();
    const Other = freshBackbone();
    const model = new (Other.Model.extend({ urlRoot: '/tasks', sync: medulla.sync }))();
    expect(() => model.save()).toThrow('another copy');
    expect(() => medulla.follow(new Other.Collection())).toThrow('Cannot follow this');
  });
});

it('[TB27] takes Backbone’s default export or its namespace, and throws on anything else', () => {
  const backbone = freshBackbone();
  expect(bare({ default: backbone } as never).status.get('connection')).toBe('connecting');
  for (const wrong of [undefined, null, {}, 'Backbone', () => undefined])
    expect(() => bare(wrong as never)).toThrow('Cannot connect this as Backbone');
});
