import type { Case, Ground } from '../contract.ts';
import { open } from './world.ts';

type Fn = (...args: unknown[]) => void;
interface Asked extends Promise<unknown> {
  readonly status: number;
  readonly responseJSON: { readonly message?: string; readonly title?: string };
  done(fn: Fn): Asked;
  fail(fn: Fn): Asked;
  always(fn: Fn): Asked;
}
const asked = (request: unknown) => request as Asked;

/** jQuery, where there is one: what it makes of a request is what its users build on. */
const jqueryOf = ({ Backbone }: Ground) =>
  Backbone.$ as unknown as { when?(...all: unknown[]): Asked } | undefined;

export const answers: Readonly<Record<string, Case>> = {
  'success, done, always, complete and then are called in this order, with what Backbone says': async (
    ground,
  ) => {
    const { tasks, settle, close } = await open(ground);
    const task = tasks.at(0);
    const order: string[] = [];
    const note = (name: string) => () => order.push(name);
    task.on('request', note('request'));
    task.on('sync', note('sync'));
    let args: unknown[] = [];
    const options = {
      success: (...given: unknown[]) => {
        order.push('success');
        args = given;
      },
      complete: note('complete'),
    };
    const request = asked(task.save({ title: 'two' }, options));
    request.done(note('done')).always(note('always')).then(note('then'));
    await settle();
    const [model, response, given] = args as [unknown, { title: string }, { xhr: unknown }];
    await close();
    return [
      [order, model === task, response.title, given.xhr === request, request.status],
      [['request', 'success', 'sync', 'done', 'always', 'complete', 'then'], true, 'two', true, 200],
    ];
  },

  'a refusal comes to error and fail, and leaves what was typed': async (ground) => {
    const { tasks, server, settle, close } = await open(ground);
    server.refuse(() => 'Not today');
    const task = tasks.at(0);
    const heard: unknown[] = [];
    task.on('error', (model: unknown, request: Asked, options: { textStatus: string }) =>
      heard.push([model === task, request.responseJSON.message, options.textStatus ?? 'error']),
    );
    const request = asked(task.save({ title: 'two' }));
    request.fail(() => heard.push(['fail', request.status]));
    request.catch((error: Error) => heard.push(error.message));
    await settle();
    const { length } = tasks;
    const title = task.get('title');
    await close();
    return [
      [heard, length, title],
      [[[true, 'Not today', 'error'], ['fail', 403], 'Not today'], 1, 'two'],
    ];
  },

  'a model that is not valid is not sent': async (ground) => {
    const model = ground.Backbone.Model.extend({ validate: ({ title }: { title: string }) => title === '' });
    const { tasks, server, settle, close } = await open(ground, {}, { model });
    const said = tasks.at(0).save({ title: '' });
    await settle();
    const [row] = await server.rows('/tasks');
    await close();
    return [
      [said, row?.title],
      [false, 'one'],
    ];
  },

  'jQuery waits for a request as for one of its own': async (ground) => {
    const { tasks, settle, close } = await open(ground);
    const jquery = jqueryOf(ground);
    const request = asked(tasks.at(0).save({ title: 'two' }));
    const heard: unknown[] = [];
    const waited = jquery?.when
      ? jquery.when(request, 1).done((...args) => heard.push(Array.isArray(args[0]), args[1]))
      : request.done(() => heard.push(true, 1));
    await settle();
    // jQuery's own promises call back by a timer.
    await waited;
    await close();
    return [heard, [true, 1]];
  },

  'stock sync is there for who asks for it, and Backbone.ajax is what it was': async (ground) => {
    const { Backbone } = ground;
    const { tasks, close } = await open(ground);
    const urls: string[] = [];
    const { ajax } = Backbone;
    Backbone.ajax = (({ url }: { url: string }) => urls.push(url)) as unknown as typeof ajax;
    tasks.fetch({ ajaxSync: true } as object);
    tasks.at(0).save(null, { xhr: true } as object);
    new (Backbone.Model.extend({
      urlRoot: '/old',
      sync: (Backbone as unknown as { ajaxSync: Fn }).ajaxSync,
    }))({
      id: 3,
    }).fetch();
    await close();
    const world = await ground.testAjax(Backbone);
    tasks.fetch();
    world.uninstall();
    Backbone.ajax = ajax;
    return [urls, ['/tasks', '/tasks/1', '/old/3', '/tasks']];
  },
};
