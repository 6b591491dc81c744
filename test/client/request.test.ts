import { describe, expect, it } from 'vitest';
import { settle } from '../../src/testing/virtual-clock.ts';
import { requestOf } from './support/backbone-request.ts';
import { followed, openPage } from './support/page.ts';

describe('a request', () => {
  it('[TB6] calls success, done, always, complete and then promise reactions, never before sync has returned', async () => {
    const { hub, model } = await followed({ n: 1 });
    const order: string[] = [];
    const note = (name: string) => () => order.push(name);
    const options = { success: note('success'), complete: note('complete'), error: note('error') };
    const request = requestOf(model.save({ n: 1 }, options));
    request.then(note('then'));
    request.done(note('done')).fail(note('fail')).always(note('always'));
    expect([order, request.state()]).toEqual([[], 'pending']);
    await settle();
    expect(order).toEqual(['success', 'done', 'always', 'complete', 'then']);
    expect(hub.mutations).toEqual([]);
    order.length = 0;
    const refused = requestOf(model.save({ n: 2 }, options));
    refused.catch(note('catch'));
    refused.done(note('done')).always(note('always')).fail(note('fail'));
    await settle();
    hub.refused(hub.mutation(0));
    await settle();
    expect(order).toEqual(['error', 'fail', 'always', 'complete', 'catch']);
    expect([refused.state(), refused.status, refused.statusText]).toEqual(['rejected', 422, 'invalid']);
    refused.fail(note('late'));
    expect(order.at(-1)).toBe('late');
  });

  it('[TB6] has what jQuery gives: arguments, headers, texts, options.xhr, context, textStatus', async () => {
    const { hub, model } = await followed({ n: 1 });
    const context = { mine: true };
    const calls: unknown[][] = [];
    const options = {
      context,
      success(this: unknown, ...args: unknown[]) {
        calls.push([this, ...args]);
      },
      beforeSend: (xhr: { setRequestHeader(name: string, value: string): void }) =>
        xhr.setRequestHeader('X-Nonce', '1'),
      xhr: undefined as unknown,
    };
    let asked: unknown[] = [];
    model.on('request', (...args: unknown[]) => {
      asked = args;
    });
    const request = requestOf(model.save({ n: 2 }, options));
    expect(asked.slice(0, 2)).toEqual([model, request]);
    expect((asked[2] as { xhr: unknown }).xhr).toBe(request);
    await settle();
    hub.applied(hub.mutation(0));
    await settle();
    expect(calls).toEqual([[context, model, { id: 1, n: 2 }, expect.objectContaining({ xhr: request })]]);
    expect(request.responseJSON).toEqual({ id: 1, n: 2 });
    expect(JSON.parse(request.responseText)).toEqual({ id: 1, n: 2 });
    expect(request.getResponseHeader('Content-Type')).toBe('application/json');
    expect(request.getAllResponseHeaders()).toContain('application/json');
    expect(request.promise()).toBe(request);
    const done: unknown[] = [];
    request.done((...args) => done.push(...args));
    expect(done).toEqual([{ id: 1, n: 2 }, 'success', request]);
  });

  it('[TB6] rejects with an Error that has status, code, responseJSON and request', async () => {
    const { hub, model, medulla } = await followed({ n: 1 });
    const failures: unknown[] = [];
    medulla.on('error', (...args: unknown[]) => failures.push(args));
    const request = requestOf(model.save({ n: 2 }));
    await settle();
    hub.refused(hub.mutation(0), { code: 'sold-out', message: 'None left', details: { left: 0 } });
    const error = await request.catch((error: unknown) => error);
    expect(error).toBeInstanceOf(Error);
    expect(error).toMatchObject({ message: 'None left', code: 'sold-out', status: 422, request });
    expect(request.responseJSON).toEqual({ code: 'sold-out', message: 'None left', details: { left: 0 } });
    expect(failures).toEqual([[request, model]]);
  });

  it('[TB7] reports a callback that throws, which stops nothing', async () => {
    const { model, reported } = await followed({ n: 1 });
    const order: string[] = [];
    const fail = (name: string) => () => {
      order.push(name);
      throw new Error(name);
    };
    const request = requestOf(model.save({ n: 1 }, { success: fail('success'), complete: fail('complete') }));
    request.done(fail('done'));
    await expect(request).resolves.toBeDefined();
    expect(order).toEqual(['success', 'done', 'complete']);
    expect(reported.map((error) => (error as Error).message)).toEqual(order);
  });

  it('[TB7] is cancelled by a beforeSend that returns false', async () => {
    const { hub, model } = await followed({ n: 1 });
    const request = requestOf(model.save({ n: 2 }, { beforeSend: () => false }));
    await expect(request).rejects.toMatchObject({ code: 'abort', status: 0 });
    expect(hub.mutations).toEqual([]);
  });
});

describe('the outcome of a write', () => {
  it.each([
    ['conflict', { current: null }, 409],
    ['invalid', {}, 422],
    ['forbidden', {}, 403],
    ['gone', {}, 410],
    ['lost', {}, 409],
    ['withdrawn', {}, 0],
    ['invalid', { code: 'too-large' }, 413],
    ['forbidden', { code: 'unknown-resource' }, 404],
  ])('[TB8] has the HTTP number of its receipt: %s %o → %i', async (type, more, status) => {
    const { hub, model } = await followed({ n: 1 });
    const request = requestOf(model.save({ n: 2 }));
    await settle();
    hub.refused(hub.mutation(0), { type, code: type, ...more });
    await expect(request).rejects.toMatchObject({ status });
  });

  it('[TB8] of a conflict shows the current record', async () => {
    const { hub, model } = await followed({ n: 1 });
    const request = requestOf(model.save({ n: 2 }));
    await settle();
    hub.refused(hub.mutation(0), {
      type: 'conflict',
      code: 'conflict',
      current: { version: 9, attrs: { n: 3 } },
    });
    await expect(request).rejects.toMatchObject({
      responseJSON: { current: { version: 9, attrs: { n: 3 } } },
    });
  });

  it('[TB9] is 202 as soon as it is durable, where there is no connection', async () => {
    const { hub, model } = await followed({ n: 1 });
    hub.tell({ status: { connection: 'waiting', reason: 'unreachable' } });
    const request = requestOf(model.save({ n: 2 }));
    await settle();
    expect(request.state()).toBe('pending');
    hub.queued(hub.mutation(0));
    expect(await request).toEqual({ id: 1, n: 2 });
    expect([request.status, request.source]).toEqual([202, 'outbox']);
  });

  it('[TB9] is 202 when patience is over or the connection goes, and never before it is durable', async () => {
    const { hub, model, clock } = await followed({ n: 1 });
    const first = requestOf(model.save({ n: 2 }));
    const second = requestOf(model.save({ n: 3 }));
    await clock.advance(2999);
    hub.queued(hub.mutation(0));
    await settle();
    expect(first.state()).toBe('pending');
    await clock.advance(1);
    expect([first.status, second.state()]).toEqual([202, 'pending']);
    const third = requestOf(model.save({ n: 4 }));
    await settle();
    hub.queued(hub.mutation(2));
    await settle();
    expect(third.state()).toBe('pending');
    hub.tell({ status: { connection: 'waiting', reason: 'unreachable' } });
    await settle();
    expect(third.status).toBe(202);
  });

  it('[TB9] is told once: confirmation afterwards is an event of its own', async () => {
    const { hub, model } = await followed({ n: 1 });
    const events: string[] = [];
    model.on('all', (name: string) => events.push(name));
    hub.tell({ status: { connection: 'waiting', reason: 'unreachable' } });
    model.save({ n: 2 });
    await settle();
    hub.queued(hub.mutation(0));
    await settle();
    hub.applied(hub.mutation(0), 6, { set: { made: 1 } });
    await settle();
    expect(events.filter((name) => name === 'sync')).toHaveLength(1);
    expect(events.filter((name) => name === 'medulla:confirmed')).toHaveLength(1);
    expect(model.get('made')).toBe(1);
  });

  it('[TB9] with wait is the server’s answer, however late', async () => {
    const { hub, model, clock } = await followed({ n: 1 });
    hub.tell({ status: { connection: 'waiting', reason: 'unreachable' } });
    const request = requestOf(model.save({ n: 2 }, { wait: true }));
    await settle();
    hub.queued(hub.mutation(0));
    await clock.advance(100_000);
    expect([request.state(), model.get('n')]).toEqual(['pending', 1]);
    hub.applied(hub.mutation(0));
    await settle();
    expect([request.status, model.get('n')]).toEqual([200, 2]);
  });

  it('[TB10] with queue: false is an error at once where there is no connection, and its attributes stay', async () => {
    const { hub, model } = await followed({ n: 1 });
    const request = requestOf(model.save({ n: 2 }, { queue: false }));
    await settle();
    expect(hub.writes[0]?.queue).toBe(false);
    hub.failed(1, 'unreachable');
    await expect(request).rejects.toMatchObject({ status: 0, code: 'unreachable' });
    expect(model.get('n')).toBe(2);
    model.save();
    await settle();
    expect(hub.mutation(1)).toMatchObject({ set: { n: 2 }, was: { n: 1 } });
  });

  it('[TB11] is ended by a timeout, which says that the write stands', async () => {
    const { hub, model, clock } = await followed({ n: 1 });
    const request = requestOf(model.save({ n: 2 }, { timeout: 500, wait: true }));
    await clock.advance(500);
    await expect(request).rejects.toMatchObject({
      status: 0,
      responseJSON: { code: 'timeout', unknown: true },
    });
    let confirmed = 0;
    model.on('medulla:confirmed', () => confirmed++);
    hub.applied(hub.mutation(0));
    await settle();
    expect([confirmed, model.get('n')]).toEqual([1, 2]);
  });

  it('[TB12] is ended by abort: what was not sent is withdrawn, and its attributes are unsaved edits', async () => {
    const { hub, model, medulla } = await followed({ n: 1 });
    const request = requestOf(model.save({ n: 2 }));
    request.abort();
    await expect(request).rejects.toMatchObject({ status: 0, code: 'abort' });
    expect(hub.of('abort')).toEqual([{ type: 'abort', id: hub.mutation(0).id }]);
    hub.failed(1, 'abort');
    await settle();
    expect([model.get('n'), medulla.stateOf(model).changed]).toEqual([2, ['n']]);
  });

  it('[TB12] is ended by abort in the request event too, after sync has returned', async () => {
    const { backbone, model } = await followed({ n: 1 });
    let failed = 0;
    model.on('request', (_model: unknown, request: { abort(): void }) => request.abort());
    model.save({ n: 2 }, { error: () => failed++ });
    expect(failed).toBe(0);
    await settle();
    expect(failed).toBe(1);
    expect(backbone).toBeDefined();
  });
});

it('[TB6] throws Backbone’s own error synchronously where there is no url', async () => {
  const { backbone } = await openPage();
  expect(() => new backbone.Model().save()).toThrow('A "url" property or function must be specified');
  expect(() => new backbone.Collection().fetch()).toThrow('A "url" property or function must be specified');
});
