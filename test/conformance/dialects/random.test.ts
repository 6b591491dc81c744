import type Backbone from 'backbone';
import { expect, it } from 'vitest';
import { silentLog } from '../../../src/base/log.ts';
import { createMedulla } from '../../../src/client/create-medulla.ts';
import { dialectConnection } from '../../../src/hub/dialects/dialect-connection.ts';
import { seededRandom } from '../../../src/testing/seeded-random.ts';
import { TestBrowser } from '../../../src/testing/test-browser.ts';
import { VirtualClock } from '../../../src/testing/virtual-clock.ts';
import { freshBackbone } from '../../support/fresh-backbone.ts';
import type { ServerRecord } from './dialect-server.ts';
import { MemoryServer } from './memory-dialect.ts';

/** What a run of a seed has come to. */
interface Run {
  readonly records: readonly ServerRecord[];
  readonly lists: readonly ServerRecord[][];
  readonly left: object | undefined;
}

/** Three tabs of one browser write, others write, the server comes and goes and loses answers; at last all is quiet. */
async function run(seed: number, tells: boolean): Promise<Run> {
  const { next } = seededRandom(seed);
  const random = seededRandom(seed + 1_000);
  const clock = new VirtualClock();
  const server = new MemoryServer(tells);
  const connection = dialectConnection({ wire: server, clock, random, log: silentLog });
  const browser = new TestBrowser({
    connection: Object.assign(Object.create(connection), { up: true }),
    clock,
    random: () => random,
    log: silentLog,
  });
  const open = () => {
    const backbone = freshBackbone();
    const { host, remembered, locks } = browser;
    const own = { host, remembered, locks, clock, random, log: silentLog, ids: 'server' } as const;
    const medulla = createMedulla(backbone, {
      ...own,
      page: () => 'http://localhost/',
      report: (error) => {
        throw error;
      },
    }).install();
    return { medulla, list: new (backbone.Collection.extend({ url: '/tasks', follow: true }))() };
  };
  const tabs = [open(), open(), open()];
  const pick = <T>(all: readonly T[]): T | undefined => all[Math.floor(next() * all.length)];
  let made = 0;
  let foreign = 1_000;
  const steps: Record<string, (list: Backbone.Collection) => unknown> = {
    create: (list) => list.create({ title: 't', serial: ++made }),
    save: (list) => pick(list.models)?.save({ title: `s${++made}` }),
    patch: (list) => pick(list.models)?.save({ [`p${made++ % 3}`]: made }, { patch: true }),
    destroy: (list) => pick(list.models)?.destroy(),
    fetch: (list) => list.fetch(),
    put: () => server.put('/tasks', { id: ++foreign, title: `o${foreign}` }),
    edit: () => {
      const record = pick(server.records('/tasks'));
      if (record) server.put('/tasks', { id: record.id ?? null, other: ++made });
    },
    drop: () => {
      const record = pick(server.records('/tasks'));
      if (record) server.drop('/tasks', record.id ?? null);
    },
    lose: () => server.loseAnswer(),
    stop: () => server.stop(),
    start: () => server.start(),
    wait: () => clock.advance(next() * 2_000),
  };
  const names = Object.keys(steps);
  for (const { list } of tabs) list.fetch();
  await clock.advance(500);
  for (let i = 0; i < 60; i++) {
    steps[pick(names) ?? 'wait']?.((pick(tabs) ?? (tabs[0] as (typeof tabs)[0])).list);
    if (next() < 0.6) await clock.advance(next() * 300);
  }
  await server.start();
  await clock.advance(300_000);
  // What was refused, as an update of what another has deleted, stays with its author until somebody decides.
  const outbox = tabs[0]?.medulla.outbox as unknown as Backbone.Collection;
  await clock.advance(1_000);
  for (const item of [...outbox.models]) (item as unknown as { discard(): void }).discard();
  await clock.advance(5_000);
  const left = tabs[0]?.medulla.status.pick('pending', 'rejected');
  tabs.push(open());
  for (const { list } of tells ? tabs.slice(-1) : tabs) list.fetch();
  await clock.advance(5_000);
  for (const { medulla } of tabs) medulla.uninstall().close();
  await browser.end();
  return { records: server.records('/tasks'), lists: tabs.map(({ list }) => list.toJSON()), left };
}

const ordered = (rows: readonly object[]) => [...(rows as { id: number }[])].sort((a, b) => a.id - b.id);

const SEEDS = Number(process.env.SEEDS ?? 12);
const runs = Array.from({ length: SEEDS }, (_, i) => i + 1).flatMap((seed) => [
  [seed, 'tells'] as const,
  [seed, 'tells nothing'] as const,
]);

it.each(runs)(
  '[DI22] seed %i, a wire that %s: in the end all tabs have what the server has, and nothing was made twice',
  async (seed, wire) => {
    const { records, lists, left } = await run(seed, wire === 'tells');
    expect(left).toEqual({ pending: 0, rejected: 0 });
    const serials = records.flatMap(({ serial }) => (serial === undefined ? [] : [serial]));
    expect(new Set(serials).size).toBe(serials.length);
    // A tab keeps what it could not save of what is gone, as unsaved edits; one that has only come has nothing such.
    const ids = (rows: readonly ServerRecord[]) => rows.map(({ id }) => Number(id));
    for (const list of lists) expect(ids(list)).toEqual(expect.arrayContaining(ids(records)));
    expect(ordered(lists.at(-1) ?? [])).toEqual(ordered(records));
  },
);
