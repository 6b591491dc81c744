import type Backbone from 'backbone';
import { describe, expect, it } from 'vitest';
import type { Request } from '../../src/client/calls/request.ts';
import { Refusal } from '../../src/server/resource/refusal.ts';
import { requestOf } from '../client/support/backbone-request.ts';
import { FakePeer } from '../server/support/fake-peer.ts';
import { testCore } from '../server/support/test-core.ts';
import { SharedBrowser } from '../users/shared-browser.ts';

interface Item {
  readonly id: string;
  readonly attributes: Record<string, unknown>;
  retry(edit?: object): void;
  discard(): void;
}

/** A browser of ann's with two pages, each with its tasks; the server takes no title 'bad'. */
async function world() {
  const { core } = testCore();
  core.resource('/tasks', { public: true }).use('create', 'update', 'patch', async ({ set }, next) => {
    if (set.title === 'bad') throw new Refusal('Not bad', { code: 'invalid' });
    await next();
  });
  const browser = new SharedBrowser(core);
  const page = await browser.open({ user: 'ann' });
  const other = await browser.open({ user: 'ann' });
  const peer = await FakePeer.connect(core, 'ann');
  const first = page.tasks.create({ title: 'first' });
  await browser.settle();
  const outbox = page.medulla.outbox as unknown as { readonly models: readonly Item[] };
  const titles = () => [...titlesOf(page.tasks)];
  const theirs = () => titlesOf(other.tasks);
  const there = async () => {
    const records = await Promise.all(page.tasks.map(({ id }) => peer.record(String(id))));
    return records.map((record) => record?.title).sort();
  };
  const batch = (title: string) => () => {
    first.save({ title: 'changed' });
    page.tasks.create({ title });
    page.tasks.create({ title: 'third' });
  };
  return { ...page, browser, other, first, outbox, titles, theirs, there, batch };
}

const titlesOf = (tasks: Backbone.Collection) => tasks.pluck('title').sort();
const ALL = ['changed', 'second', 'third'];

describe('a batch, from a real tab to a real server', () => {
  it('[BA26] is applied as one, and seen by the other tab', async () => {
    const { medulla, batch, browser, titles, theirs, there, reported } = await world();
    const done = medulla.batch(batch('second'));
    await browser.settle();
    expect(await done).toEqual({ status: 200 });
    expect([titles(), theirs(), await there()]).toEqual([ALL, ALL, ALL]);
    expect(reported).toEqual([]);
  });

  it('[BA26] is kept offline, and sent by the next hub', async () => {
    const { medulla, batch, browser, titles, theirs, there, outbox } = await world();
    browser.network.online = false;
    await browser.settle();
    const done = medulla.batch(batch('second'));
    await browser.settle(4_000);
    expect(await done).toEqual({ status: 202 });
    expect(outbox.models.map(({ attributes }) => attributes.mutations)).toEqual([
      [expect.anything(), expect.anything(), expect.anything()],
    ]);
    browser.killHub('ann');
    await browser.settle();
    browser.network.online = true;
    await browser.settle(40_000);
    expect([titles(), theirs(), await there(), outbox.models.length]).toEqual([ALL, ALL, ALL, 0]);
    expect(medulla.status.get('pending')).toBe(0);
  });

  it('[BA26] of which one write is taken back before it was sent is taken back whole', async () => {
    const { medulla, browser, there, first, tasks, reported } = await world();
    browser.network.online = false;
    await browser.settle();
    const create = tasks.create({ title: 'second' }, { wait: true });
    await browser.settle();
    const calls: Request[] = [];
    const done = medulla
      .batch(
        () => {
          calls.push(requestOf(first.save({ title: 'changed' })));
          calls.push(requestOf(tasks.create({ title: 'third' }).save({ title: 'fourth' })));
        },
        { wait: true },
      )
      .catch(({ code }) => code);
    await browser.settle();
    calls[0]?.abort();
    await browser.settle();
    expect(await done).toBe('abort');
    expect(calls.map(({ statusText }) => statusText)).toEqual(['abort', 'abort']);
    browser.network.online = true;
    await browser.settle(40_000);
    expect(await there()).toEqual(['first', 'second', undefined]);
    expect([create?.isNew(), medulla.status.get('pending'), reported]).toEqual([false, 0, []]);
  });

  it('[BA26] that is refused after a 202 leaves nothing on the server, one item, and is applied whole when it is mended', async () => {
    const { medulla, batch, browser, titles, theirs, there, outbox, tasks, first } = await world();
    const told: unknown[] = [];
    tasks.on('medulla:rejected', (_model, { code }) => told.push(code));
    browser.network.online = false;
    await browser.settle();
    const done = medulla.batch(batch('bad'));
    await browser.settle(4_000);
    await done;
    browser.network.online = true;
    await browser.settle(40_000);
    expect(told).toEqual(['batch', 'invalid', 'batch']);
    expect(await there()).toEqual(['first', undefined, undefined]);
    expect(medulla.stateOf(first)).toMatchObject({ state: 'rejected', error: { code: 'batch' } });
    const [item] = outbox.models;
    expect(outbox.models).toHaveLength(1);
    expect(item?.attributes).toMatchObject({ state: 'rejected', receipt: { code: 'invalid' } });
    item?.retry({ title: 'second' });
    await browser.settle(1_000);
    expect([titles(), theirs(), await there(), outbox.models.length]).toEqual([ALL, ALL, ALL, 0]);
  });

  it('[BA26] that is refused and given up is as if it had never been', async () => {
    const { medulla, batch, browser, titles, theirs, there, outbox, first } = await world();
    const done = medulla.batch(batch('bad')).catch(({ code }) => code);
    await browser.settle(1_000);
    expect(await done).toBe('invalid');
    expect(medulla.status.get('rejected')).toBe(1);
    outbox.models[0]?.discard();
    await browser.settle(1_000);
    const only = ['first'];
    expect([titles(), theirs(), await there(), outbox.models.length]).toEqual([only, only, only, 0]);
    expect(medulla.stateOf(first)).toMatchObject({ state: 'clean', changed: [] });
    expect(medulla.status.get('rejected')).toBe(0);
  });
});
