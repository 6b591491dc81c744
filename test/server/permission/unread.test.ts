import { describe, expect, it } from 'vitest';
import type { Attributes } from '../../../src/protocol/attributes.ts';
import type { Context } from '../../../src/server/resource/context.ts';
import type { ResourceOptions } from '../../../src/server/resource/resource.ts';
import { Refusal } from '../../../src/server.ts';
import { FakePeer, sent, TASKS } from '../support/fake-peer.ts';
import { testCore } from '../support/test-core.ts';

const hers = { owner: 'ann', secret: 1 };
const filter = ({ owner }: Attributes, { user }: { user: string }) => owner === user;
const isOwner = ({ current, user }: Context) => (current as Attributes | null)?.owner === user;

/** What is there is ann's; bob, who is connected, may not read it. */
async function world(options: ResourceOptions) {
  const { core } = testCore();
  const tasks = core.resource('/tasks', options);
  await tasks.publish({ record: 1, set: hers });
  const [ann, bob] = [await FakePeer.connect(core, 'ann'), await FakePeer.connect(core, 'bob')];
  const push = (peer: FakePeer, fields: object) => peer.push(sent('m:1', { user: peer.user, ...fields }));
  return { core, tasks, ann, bob, push };
}

describe('what somebody may not read', () => {
  it('[PE13] is told to nobody who may only make records, whichever id they take', async () => {
    const { ann, bob, push } = await world({ authorize: (ctx) => ctx.method === 'create' || isOwner(ctx) });
    expect(await push(bob, { record: 1 })).toMatchObject([{ type: 'forbidden' }]);
    expect(await push(ann, { record: 1 })).toMatchObject([{ type: 'conflict', current: { attrs: hers } }]);
    expect(await bob.types(sent('m:2', { user: 'bob', record: 2 }))).toEqual(['applied']);
  });

  it('[PE13] is told to nobody where it is there only by the time of the commit', async () => {
    const { core, bob, push } = await world({});
    let isThere = false;
    const letters = core.resource('/letters', {
      authorize: (ctx) => ctx.method === 'create' || isOwner(ctx),
    });
    letters.create(async (_ctx, go) => {
      if (!isThere) await letters.publish({ record: 1, set: hers });
      isThere = true;
      await go();
    });
    expect(await push(bob, { topic: '/letters', record: 1 })).toMatchObject([{ type: 'forbidden' }]);
  });

  it('[PE13] is told to nobody whose record the application gives the same id', async () => {
    const id = (ctx: Context) => Number(ctx.set.title);
    const { ann, bob, push } = await world({ public: true, filter, id });
    const record = '~01890000-0000-7000-8000-000000000001';
    const made = { record, set: { title: '1', owner: 'bob' } };
    expect(await push(bob, made)).toMatchObject([{ type: 'forbidden' }]);
    expect(await push(ann, made)).toMatchObject([{ type: 'conflict', current: { attrs: hers } }]);
  });

  it('[PE13] is told to nobody whose new id another takes by the time of the commit', async () => {
    const { bob, tasks, push } = await world({ public: true, filter, id: () => 2 });
    tasks.create(async (_ctx, go) => {
      await go();
      await tasks.publish({ record: 2, set: hers });
    });
    const record = '~01890000-0000-7000-8000-000000000001';
    const receipts = await push(bob, { record, set: { owner: 'bob' } });
    expect(receipts).toMatchObject([{ type: 'conflict', current: null }]);
  });

  it('[PE13] is not in a conflict of the application’s own', async () => {
    const { ann, bob, tasks, push } = await world({ public: true, filter });
    tasks.update(() => {
      throw new Refusal('It is locked.', { code: 'conflict' });
    });
    const write = { record: 1, method: 'update', set: { n: 1 }, base: 1 };
    expect(await push(bob, write)).toMatchObject([{ type: 'conflict', current: null }]);
    expect(await push(ann, write)).toMatchObject([{ type: 'conflict', current: { attrs: hers } }]);
  });

  it('[PE9] is told to no author of a silent write who does not follow it', async () => {
    const letter = { box: 1, lid: 'hers' };
    const { core, bob, push } = await world({});
    core.resource('/letters', {
      authorize: ({ method }) => method !== 'read',
      handlers: { read: () => ({ id: 1, ...letter }), update: (ctx) => void ctx.silent() },
    });
    expect(await push(bob, { topic: '/letters', record: 1, method: 'update' })).toMatchObject([
      { type: 'applied' },
    ]);
    expect(bob.changes).toEqual([]);
  });

  it('[PE14] is nothing that a method of the application’s own goes on with', async () => {
    const { ann, bob, tasks } = await world({ public: true, filter, methods: ['archive'] });
    const archived: string[] = [];
    tasks.use('archive', async (ctx, go) => {
      await go();
      archived.push(ctx.user);
    });
    const to = { topic: TASKS, method: 'archive', record: 1 };
    expect(await bob.ask('message', { to })).toMatchObject({ refused: { code: 'gone' } });
    expect(archived).toEqual([]);
    await ann.ask('message', { to });
    expect(archived).toEqual(['ann']);
  });
});
