import { describe, expect, it } from 'vitest';
import { memoryDisk } from '../../src/testing/disk/memory-disk.ts';
import { type Deferred, deferred } from '../support/deferred.ts';
import { HubWorld } from '../support/hub-world.ts';
import { TOPIC } from '../support/mutations.ts';

/** A disk whose commits wait until the returned function is called. */
function slowDisk() {
  let gate: Deferred<void> | undefined;
  const disk = memoryDisk({ before: (step) => (step.type === 'commit' ? gate?.promise : undefined) });
  const stop = () => {
    gate = deferred();
  };
  return { disk, stop, go: () => gate?.resolve() };
}

describe('the disk and the server', () => {
  it('[OB7] says that a write is queued only once the disk has it', async () => {
    const { disk, stop, go } = slowDisk();
    const world = new HubWorld({ disk });
    const tab = await world.tab('tab1');
    await world.offline();
    stop();
    tab.write({ method: 'create', set: { title: 'A' } });
    await world.settle();
    expect(tab.story(1)).toEqual([]);
    expect(world.onDisk).toEqual([]);
    go();
    await world.settle();
    expect(tab.story(1)).toEqual(['queued']);
    expect(world.onDisk).toEqual(['tab1:1']);
  });

  it('[OB8] pushes without waiting for the disk, and settles by the receipt alone', async () => {
    const { disk, stop } = slowDisk();
    const world = new HubWorld({ disk });
    const tab = await world.tab('tab1');
    stop();
    tab.write({ method: 'create', set: { title: 'A' } });
    await world.settle();
    expect(world.server.pushes).toEqual([['tab1:1']]);
    expect(tab.story(1)).toEqual(['settled applied']);
  });

  it('[OB7] brings all that came while the disk was busy in one transaction', async () => {
    const commits: number[] = [];
    const disk = memoryDisk({
      before: (step) => void (step.type === 'commit' && commits.push(step.ops.length)),
    });
    const world = new HubWorld({ disk });
    const tab = await world.tab('tab1');
    await world.offline();
    commits.length = 0;
    for (let i = 0; i < 50; i++) tab.write({ record: `r${i}`, set: { i } });
    await world.settle();
    expect(tab.settlements.filter(({ type }) => type === 'queued')).toHaveLength(50);
    expect(commits.length).toBeLessThan(5);
  });
});

describe('the receipt number of what may have been sent', () => {
  /** A hub with one push at a time, and how many rows of the outbox its disk was given. */
  function counted() {
    let rows = 0;
    const disk = memoryDisk({
      before: (step) => {
        if (step.type === 'commit') rows += step.ops.filter(({ type }) => type === 'putMutation').length;
      },
    });
    return { world: new HubWorld({ disk, options: { inFlight: 1 } }), kept: () => rows };
  }
  const many = Array.from({ length: 900 }, (_, i) => ({ record: `r${i}`, set: { i } }));
  const numbers = ({ disk }: HubWorld) => [...disk.rows.outbox.values()].map(({ number }) => number);

  it('[OB30] is on the disk with what comes over an open connection: to send it touches the disk no more', async () => {
    const { world, kept } = counted();
    const tab = await world.tab('tab1');
    const go = world.server.hold('push');
    tab.write(...many);
    await world.settle();
    expect([world.server.pushes.length, new Set(numbers(world))]).toEqual([1, new Set([1])]);
    go();
    await world.settle();
    expect([world.server.log(TOPIC).length, kept()]).toEqual([900, 900]);
  });

  it('[OB30] is told of all that waited for the connection in one step, once the first of it is sent', async () => {
    const { world, kept } = counted();
    const tab = await world.tab('tab1');
    await world.offline();
    tab.write(...many);
    await world.settle();
    const go = world.server.hold('push');
    world.server.up = true;
    await world.clock.advance(10_000);
    expect([kept(), new Set(numbers(world))]).toEqual([1_800, new Set([1])]);
    go();
    await world.settle();
    expect([world.server.log(TOPIC).length, kept(), world.onDisk]).toEqual([900, 1_800, []]);
  });

  it('[OB30] is taken back of what was never sent where the connection is lost, and kept once it is sent', async () => {
    const world = new HubWorld();
    const tab = await world.tab('tab1');
    world.server.on('push', () => new Promise(() => undefined));
    tab.write({ record: 'a', set: { x: 1 } });
    await world.settle();
    tab.write({ record: 'a', set: { x: 2 } });
    await world.settle();
    expect(numbers(world)).toEqual([1, 1]);
    await world.offline();
    expect(numbers(world)).toEqual([1, null]);
    await world.online();
    expect(world.server.pushes.flat()).toContain('tab1:2');
    expect(numbers(world)).toEqual([1, 1]);
  });
});

describe('a lost answer', () => {
  it('[OB9] sends everything unanswered again, in order, under the same ids, before anything newer', async () => {
    const world = new HubWorld();
    const tab = await world.tab('tab1');
    world.server.on('push', (_request, next) => {
      next();
      return new Promise(() => undefined);
    });
    tab.write(
      { method: 'create', record: 'a', set: { x: 1 } },
      { record: 'a', set: { x: 2 } },
      { record: 'b', set: { y: 1 } },
    );
    await world.settle();
    expect(world.server.pushes).toEqual([['tab1:1+tab1:2', 'tab1:3']]);
    await world.offline();
    world.server.on('push', null);
    tab.write({ record: 'c', set: { z: 1 } });
    await world.settle();
    expect(tab.settlements.filter(({ type }) => type === 'settled')).toEqual([]);
    await world.online();
    expect(world.server.pushes.slice(1).flat()).toEqual(['tab1:1', 'tab1:3', 'tab1:4', 'tab1:2']);
    expect([1, 2, 3, 4].map((n) => tab.story(n).at(-1))).toEqual(Array(4).fill('settled applied'));
    expect(world.server.log(TOPIC)).toHaveLength(3);
    expect(world.onDisk).toEqual([]);
  });

  it('[OB9] gives up a link on which no answer comes in time', async () => {
    const world = new HubWorld();
    const tab = await world.tab('tab1');
    world.server.on('push', () => new Promise(() => undefined));
    tab.write({ set: { x: 1 } });
    await world.clock.advance(19_000);
    world.server.on('push', null);
    expect(tab.status?.connection).toBe('open');
    await world.clock.advance(35_000);
    expect(world.server.hellos).toHaveLength(2);
    expect(tab.story(1)).toEqual(['queued', 'settled applied']);
  });

  it('[OB9] asks again for what an answer leaves out', async () => {
    const world = new HubWorld();
    const tab = await world.tab('tab1');
    let times = 0;
    world.server.on('push', (_request, next) => (times++ === 0 ? { receipts: [], number: 1 } : next()));
    tab.write({ set: { x: 1 } });
    await world.settle();
    expect(world.server.pushes).toEqual([['tab1:1'], ['tab1:1']]);
    expect(tab.story(1).at(-1)).toBe('settled applied');
  });

  it('[OB9] does not ask for ever at once for what the answers leave out', async () => {
    const world = new HubWorld();
    const tab = await world.tab('tab1');
    let times = 0;
    world.server.on('push', (_request, next) => (times++ < 50 ? { receipts: [], number: 1 } : next()));
    tab.write({ set: { x: 1 } });
    await world.settle();
    expect(world.server.pushes.length).toBeLessThan(10);
  });
});

describe('pushes', () => {
  it('[OB3] keeps several pushes on their way, and none with a lane of another', async () => {
    const world = new HubWorld({ options: { inFlight: 3 } });
    const tab = await world.tab('tab1');
    const go = world.server.hold('push');
    tab.write({ record: 'a', set: { x: 1 } });
    await world.settle();
    tab.write({ record: 'a', set: { x: 2 } }, { record: 'b', set: { x: 1 } });
    await world.settle();
    tab.write({ record: 'c', set: { x: 1 } });
    await world.settle();
    tab.write({ record: 'd', set: { x: 1 } });
    await world.settle();
    expect(world.server.pushes).toEqual([['tab1:1'], ['tab1:3'], ['tab1:4']]);
    go();
    await world.settle();
    expect(world.server.pushes.slice(3).flat().sort()).toEqual(['tab1:2', 'tab1:5']);
  });

  it('[OB10] answers every mutation of a fold with the one receipt', async () => {
    const world = new HubWorld();
    const tab = await world.tab('tab1');
    await world.offline();
    tab.write({ method: 'create', record: 'a', set: { x: 1 } });
    tab.write({ record: 'a', set: { x: 2 } });
    tab.write({ record: 'a', set: { x: 3 } });
    await world.settle();
    await world.online();
    expect(world.server.pushes).toEqual([['tab1:1+tab1:2+tab1:3']]);
    expect([1, 2, 3].map((n) => tab.story(n))).toEqual(Array(3).fill(['queued', 'settled applied']));
    expect(world.onDisk).toEqual([]);
    expect(tab.status?.pending).toBe(0);
  });

  it("[OB2] keeps to the server's limits", async () => {
    const world = new HubWorld({ options: { inFlight: 1 } });
    world.server.limits = { ...world.server.limits, batch: 2 };
    const tab = await world.tab('tab1');
    tab.write(...['a', 'b', 'c'].map((record) => ({ record, set: { x: 1 } })));
    await world.settle();
    expect(world.server.pushes).toEqual([['tab1:1', 'tab1:2'], ['tab1:3']]);
  });
});
