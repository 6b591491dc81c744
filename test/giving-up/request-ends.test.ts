import { describe, expect, it } from 'vitest';
import { requestOf } from '../client/support/backbone-request.ts';
import { endOf, LATE, save, world } from './world.ts';

describe('abort', () => {
  it('[GU6] of a read drops its answer', async () => {
    const { tasks, other, browser, network, titles } = await world();
    network.hold = (name) => (name === 'read' ? browser.clock.advance(0) : undefined);
    const read = requestOf(tasks.fetch({ cache: 'reload' } as object));
    read.abort();
    await browser.settle(1_000);
    expect([endOf(read), titles(), other.tasks.length]).toEqual([[0, 'abort', false], ['first'], 1]);
  });

  it('[GU6] of what nobody has sent takes it back, and leaves its attributes as unsaved edits', async () => {
    const { first, titlesThere, browser, offline, online, there, medulla, outbox } = await world();
    await offline();
    const request = save(first, { title: 'new' }, { wait: true });
    await browser.settle(LATE);
    expect(request.state()).toBe('pending');
    request.abort();
    await browser.settle();
    expect([endOf(request), outbox.length]).toEqual([[0, 'abort', false], 0]);
    await online();
    expect([await there(), titlesThere()]).toEqual([['first'], ['first']]);
    expect(medulla.status.get('pending')).toBe(0);
  });
});

describe('timeout', () => {
  it('[GU7] before it is sent: the write stands, and is confirmed later', async () => {
    const { first, browser, offline, online, there, told, titlesThere } = await world();
    await offline();
    const request = save(first, { title: 'new' }, { wait: true, timeout: 500 });
    await browser.settle(1_000);
    expect(endOf(request)).toEqual([0, 'timeout', true]);
    await online();
    expect([await there(), first.get('title'), titlesThere()]).toEqual([['new'], 'new', ['new']]);
    expect(told).toEqual(['error timeout', 'confirmed']);
  });

  it('[GU7] after it is sent: a later refusal is told late', async () => {
    const { first, browser, network, online, told, everywhere } = await world();
    network.stuck = true;
    const request = save(first, { title: 'bad' }, { timeout: 500 });
    await browser.settle(1_000);
    expect(endOf(request)).toEqual([0, 'timeout', true]);
    network.stuck = false;
    network.online = false;
    await online();
    expect(told).toEqual(['error timeout', 'rejected invalid', 'error invalid late']);
    await everywhere(['first']);
  });
});

describe('queue: false', () => {
  it('[GU8] is applied online, and fails at once offline', async () => {
    const { first, browser, offline, online, there, outbox, medulla } = await world();
    const paid = save(first, { title: 'paid' }, { queue: false });
    await browser.settle();
    await offline();
    const twice = save(first, { title: 'twice' }, { queue: false });
    await browser.settle();
    expect([endOf(paid), endOf(twice)[0], outbox.length]).toEqual([[200, 'OK', false], 0, 0]);
    expect(medulla.stateOf(first).changed).toEqual(['title']);
    await online();
    expect(await there()).toEqual(['paid']);
  });

  it('[GU8] fails with its connection, and is shown as the server has it if it was applied all the same', async () => {
    const { tasks, first, browser, network, online, there, titles, titlesThere, outbox, medulla } =
      await world();
    network.lost = 1;
    const update = save(first, { title: 'paid' }, { queue: false });
    await browser.settle(LATE);
    network.lost = 1;
    const created = tasks.create({ title: 'new' }, { queue: false } as object);
    await browser.settle(LATE);
    await online();
    expect(endOf(update)[0]).toBe(0);
    expect(await there()).toEqual(['new', 'paid']);
    expect([titles(), titlesThere(), outbox.length]).toEqual([['new', 'paid'], ['new', 'paid'], 0]);
    for (const model of [first, created])
      expect(medulla.stateOf(model)).toMatchObject({ state: 'clean', changed: [] });
  });
});

describe('wait: true', () => {
  it('[GU9] is answered when there is a server again', async () => {
    const { tasks, browser, offline, online, titles, there } = await world();
    await offline();
    const task = tasks.create({ title: 'new' }, { wait: true });
    await browser.settle(600_000);
    expect([titles(), task.isNew()]).toEqual([['first'], true]);
    await online();
    expect([titles(), await there(), task.isNew()]).toEqual([['first', 'new'], ['first', 'new'], false]);
  });

  it('[GU9] that is refused leaves what was there', async () => {
    const { first, tasks, browser, titles, titlesThere, told, medulla } = await world();
    save(first, { title: 'bad' }, { wait: true });
    tasks.create({ title: 'bad' }, { wait: true });
    await browser.settle(1_000);
    expect(told).toEqual(['error invalid', 'error invalid']);
    expect(medulla.stateOf(first).changed).toEqual([]);
    // What was to be made stays visible until somebody decides.
    expect([titles(), titlesThere()]).toEqual([
      ['bad', 'first'],
      ['bad', 'first'],
    ]);
  });
});

it('[GU10] a write that breaks every connection is offered to its user, and what is around it is applied', async () => {
  const { tasks, browser, offline, online, there, outbox, rules, titlesThere } = await world();
  await offline();
  for (const title of ['before', 'poison', 'behind']) tasks.create({ title });
  await browser.settle(LATE);
  await online();
  await browser.settle(3_600_000);
  expect(await there()).toEqual(['before', 'behind', 'first']);
  expect(outbox.map(({ attributes }) => attributes.state)).toEqual(['rejected']);
  rules.isOpen = true;
  outbox[0]?.retry();
  await browser.settle(LATE);
  expect([await there(), outbox.length]).toEqual([titlesThere(), 0]);
  expect(await there()).toContain('poison');
});
