import { describe, expect, it } from 'vitest';
import { ajaxPage, bodyOf, type Settings, type Told } from './ajax-page.ts';

describe('over Backbone.ajax', () => {
  it('[BK-01] [BB1] makes the request during the call, as stock sync makes it', async () => {
    const { asked, tasks } = await ajaxPage();
    tasks.fetch({ data: { page: 2 } });
    expect(asked.pop()).toMatchObject({ url: '/tasks', type: 'GET', data: { page: 2 } });
    const task = tasks.create({ title: 'one' });
    expect(asked[0]).toMatchObject({ url: '/tasks', type: 'POST', contentType: 'application/json' });
    expect(bodyOf(asked[0] as Settings)).toEqual({ title: 'one' });
    asked.pop()?.success({ id: 7 });
    expect(task.attributes).toEqual({ id: 7, title: 'one' });
    task.save({ title: 'two' });
    expect(asked[0]).toMatchObject({ url: '/tasks/7', type: 'PUT' });
    expect(bodyOf(asked.pop() as Settings)).toEqual({ id: 7, title: 'two' });
    task.save({ done: true }, { patch: true });
    expect(asked[0]).toMatchObject({ url: '/tasks/7', type: 'PATCH' });
    expect(bodyOf(asked.pop() as Settings)).toEqual({ done: true });
    task.save(null);
    expect(bodyOf(asked.pop() as Settings)).toEqual({ id: 7, title: 'two', done: true });
    task.destroy({ emulateHTTP: true, emulateJSON: true } as object);
    expect(asked.pop()).toMatchObject({ url: '/tasks/7', type: 'POST', data: { _method: 'DELETE' } });
  });

  it('[BK-01] [BB2] hears the answer at once, also within the call, as what it was', async () => {
    const { backbone, tasks } = await ajaxPage();
    const record = { id: 1, title: 'one' };
    const xhr = { status: 206, total: 12, getResponseHeader: () => 'twelve' };
    backbone.ajax = (({ success }: Settings) => {
      success([record], 'success', xhr);
      return xhr;
    }) as unknown as typeof backbone.ajax;
    let parsed: unknown;
    tasks.model = backbone.Model.extend({
      parse: (it: object) => {
        parsed = it;
        return it;
      },
    });
    const events: unknown[] = [];
    tasks.on('all', (name: string) => events.push(name));
    let told: unknown[] = [];
    const request = tasks.fetch({ success: (...args: unknown[]) => (told = args) }) as unknown as Told['xhr'];
    expect(events).toEqual(['request', 'add', 'sort', 'update', 'sync']);
    expect(parsed).toBe(record);
    expect(told[1]).toEqual([record]);
    expect([request.total, (request.getResponseHeader as () => string)()]).toEqual([12, 'twelve']);
    expect((told[2] as Told).xhr).toBe(request);
  });

  it('[BK-01] [BB2] hears a failure as what it was', async () => {
    const { asked, tasks, reported } = await ajaxPage();
    const failures: unknown[][] = [];
    tasks.on('error', (...args: unknown[]) => failures.push(args));
    const xhr = { status: 503, statusText: 'Unavailable' };
    const request = tasks.fetch() as unknown as Promise<unknown>;
    asked.pop()?.error(xhr, 'timeout', 'too late');
    expect(failures[0]?.slice(0, 2)).toEqual([tasks, xhr]);
    expect(failures[0]?.[2]).toMatchObject({ textStatus: 'timeout', errorThrown: 'too late' });
    await expect(request).rejects.toMatchObject({ status: 503, message: 'too late' });
    const task = tasks.create({ title: 'one' }, { wait: true });
    asked.pop()?.error();
    expect([failures.length, tasks.length, task.isNew()]).toEqual([2, 0, true]);
    expect(reported).toEqual([]);
  });

  it('[BK-06] [BB1] leaves beforeSend to the request that it is for', async () => {
    const { backbone, asked } = await ajaxPage();
    const model = new (backbone.Model.extend({ url: '/test' }))();
    const xhr = { setRequestHeader: (...header: string[]) => headers.push(header) };
    const headers: string[][] = [];
    const given: unknown[] = [];
    const beforeSend = (one: unknown) => given.push(one) > 9;
    backbone.emulateHTTP = true;
    const options = { beforeSend };
    backbone.sync('delete', model, options as object);
    expect([asked[0]?.beforeSend?.(xhr), given, headers]).toEqual([
      false,
      [xhr],
      [['X-HTTP-Method-Override', 'DELETE']],
    ]);
    expect(options.beforeSend).toBe(beforeSend);
  });

  it('[BK-08] [BB3] creates a model without an id once: what is saved behind that waits for its id', async () => {
    const { asked, tasks } = await ajaxPage();
    const task = tasks.create({ title: 'one' });
    task.save({ title: 'two' });
    expect(asked).toHaveLength(1);
    asked.shift()?.success({ id: 7, title: 'one' });
    expect(asked[0]).toMatchObject({ url: '/tasks/7', type: 'PUT' });
    expect(bodyOf(asked[0] as Settings)).toEqual({ id: 7, title: 'two' });
    asked.shift()?.success({ id: 7, title: 'two' });
    expect(task.attributes).toEqual({ id: 7, title: 'two' });
    const other = tasks.create({ title: 'three' });
    other.save({ title: 'four' });
    asked.shift()?.error({ status: 500 });
    expect(asked[0]).toMatchObject({ url: '/tasks', type: 'POST' });
    expect(bodyOf(asked[0] as Settings)).toEqual({ title: 'four' });
  });

  it('[BK-09] [BB3] deletes what was created for a model that was destroyed before it had an id', async () => {
    const { asked, tasks } = await ajaxPage();
    const task = tasks.create({ title: 'one' });
    expect(task.destroy()).toBe(false);
    await Promise.resolve();
    asked.shift()?.success({ id: 7 });
    expect(asked[0]).toMatchObject({ url: '/tasks/7', type: 'DELETE' });
    asked.shift()?.success();
    expect(tasks.length).toBe(0);
  });

  it('[BB3] has nothing to delete where the create had failed', async () => {
    const { asked, tasks } = await ajaxPage();
    const task = tasks.create({ title: 'one' });
    asked.shift()?.error({ status: 500 });
    task.destroy();
    tasks.fetch();
    expect([tasks.length, asked.map(({ type }) => type)]).toEqual([0, ['GET']]);
  });

  it('[BB1] each of two calls within one another keeps its own options', async () => {
    const { asked, backbone, tasks } = await ajaxPage();
    const [one, two] = [new backbone.Model({ id: 1 }), new backbone.Model({ id: 2 })];
    tasks.add([one, two]);
    const told: unknown[] = [];
    one.on('request', () => two.save(null, { success: () => told.push('two') }));
    one.save(null, { success: () => told.push('one') });
    expect(asked.map(({ url }) => url)).toEqual(['/tasks/2', '/tasks/1']);
    asked[1]?.success({ id: 1 });
    asked[0]?.success({ id: 2 });
    expect(told).toEqual(['one', 'two']);
  });

  it('[BB1] leaves to stock sync what is not ours, and gives Backbone back', async () => {
    const { asked, backbone, medulla, tasks } = await ajaxPage();
    const before = backbone.sync;
    tasks.fetch({ url: 'https://elsewhere.example/tasks' });
    tasks.fetch({ ajaxSync: true } as object);
    expect(asked.map(({ url }) => url)).toEqual(['https://elsewhere.example/tasks', '/tasks']);
    medulla.uninstall();
    expect(backbone.sync).not.toBe(before);
    expect('ajaxSync' in backbone).toBe(false);
  });
});
