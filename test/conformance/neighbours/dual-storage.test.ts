import { describe, expect, it } from 'vitest';
import { open, optionsOf, requestOf, tasksOf } from './world.ts';

describe('who comes from dualStorage', () => {
  it('[NB-02] finds what is dirty, temporary ids, and what to send now or never', async () => {
    const { tasks, line, medulla, server, settle } = await open({ ids: 'server' });
    tasks.fetch();
    await settle();
    const { outbox, status } = medulla;
    line.cut();
    await settle();
    const made = tasks.create({ title: 'two' });
    tasks.at(0).save({ title: 'uno' });
    await settle();
    const dirty = tasks.filter((task) => medulla.stateOf(task).state === 'pending');
    expect([dirty.length, outbox.length, status.get('pending')]).toEqual([2, 2, 2]);
    // hasTempId
    expect(made.id).toMatch(/^~/);
    const give = outbox.models.find((item) => item.get('method') === 'update') as unknown as {
      discard(): void;
    };
    give.discard();
    await settle();
    expect([tasks.at(0).get('title'), outbox.length]).toEqual(['one', 1]);
    line.mend();
    const flushed = medulla.flush();
    await settle();
    await flushed;
    expect([made.isNew(), String(made.id).startsWith('~'), outbox.length]).toEqual([false, false, 0]);
    expect((await server.rows('/tasks')).map(({ title }) => title).sort()).toEqual(['one', 'two']);
  });

  it('[NB-02] chooses by call what is here or what is there, and learns which it was', async () => {
    const { tasks, backbone, line, server, settle } = await open();
    tasks.fetch();
    await settle();
    await server.publish('/tasks', { record: 1, set: { title: 'uno' } });
    const local = requestOf(tasks.fetch({ cache: 'only' } as object));
    await settle();
    expect([local.source, local.status, tasks.at(0).get('title')]).toEqual(['replica', 304, 'one']);
    const remote = requestOf(tasks.fetch({ cache: 'network' } as object));
    await settle();
    expect([remote.source, remote.status, tasks.at(0).get('title')]).toEqual(['network', 200, 'uno']);

    line.cut();
    await settle();
    const offline = requestOf(tasks.fetch());
    const nothing = requestOf(new (backbone.Collection.extend({ url: '/never' }))().fetch());
    const saved = requestOf(tasks.at(0).save({ title: 'kept' }));
    const only = requestOf(tasks.at(0).save({ done: true }, optionsOf({ queue: false })));
    await settle();
    expect([offline, nothing, saved, only].map(({ status }) => status)).toEqual([304, 0, 202, 0]);
  });

  it('[NB-02] finds in the model what the server made of it, also of what was sent later', async () => {
    const { tasks, line, server, settle, reload, backbone } = await open();
    server.use('create', async (ctx, next) => {
      ctx.set.number = 7;
      await next();
    });
    const now = tasks.create({ title: 'two' });
    await settle();
    expect(now.get('number')).toBe(7);
    line.cut();
    await settle();
    const later = tasks.create({ title: 'three' });
    await settle();
    expect(later.has('number')).toBe(false);
    line.mend();
    await settle();
    expect(later.get('number')).toBe(7);
    await reload();
    const anew = tasksOf(backbone);
    anew.fetch();
    await settle();
    expect(anew.map((task) => task.get('number')).sort()).toEqual([7, 7, undefined]);
  });
});
