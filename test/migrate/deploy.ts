import type { MedullaOptions } from '../../src/client/options.ts';
import type { Attributes } from '../../src/protocol/attributes.ts';
import type { Sent } from '../../src/protocol/server-up.ts';
import type { Core } from '../../src/server/core.ts';
import { FakePeer } from '../server/support/fake-peer.ts';
import { testCore } from '../server/support/test-core.ts';
import { Browser } from './browser.ts';

/** The first deploy had `title`, and `done` as a word. */
export const OLD: MedullaOptions = {};

/** The second has `name` in its place, and `done` as a flag. */
export const NEW: MedullaOptions = {
  recordVersion: 2,
  migrate({ title, done, ...rest }) {
    return {
      ...rest,
      ...(title !== undefined && { name: title }),
      ...(done !== undefined && { done: done === true || done === 'yes' }),
    };
  },
};

/** Whether anything in it is of this shape alone. */
export const isOld = (attrs: object) =>
  'title' in attrs || ('done' in attrs && typeof attrs.done === 'string');
export const isNew = (attrs: object) =>
  'name' in attrs || ('done' in attrs && typeof attrs.done === 'boolean');

/** A browser, and a server that takes what it is sent. `writes`: the attributes and record version of each write that it judged. */
export function deploy() {
  const { core } = testCore();
  const writes: [id: string, recordVersion: number, set: Attributes, unset: readonly string[]][] = [];
  const tasks = core
    .resource('/tasks', { public: true })
    .use('create', 'update', 'patch', 'delete', (ctx, next) => {
      writes.push([ctx.ids.join('+'), ctx.recordVersion, ctx.set, ctx.unset]);
      return next();
    });
  const browser = new Browser(core);
  return { core, tasks, browser, writes };
}

/** What was pushed, each time. */
export const pushed = ({ network }: Browser) =>
  network.asked.flatMap(({ name, request }) =>
    name === 'push' ? (request as { mutations: readonly Sent[] }).mutations : [],
  );

export const byId = (rows: readonly { id?: unknown }[]) =>
  [...rows].sort((a, b) => (String(a.id) < String(b.id) ? -1 : 1));

/** A browser whose old page knows two records, and has, offline, changed one, deleted one and created one. */
export async function offlineForDays() {
  const world = deploy();
  const { browser } = world;
  const page = await browser.open(OLD);
  page.tasks.create({ id: 'a', title: 'A', done: 'no' });
  page.tasks.create({ id: 'b', title: 'B', done: 'yes' });
  page.tasks.create({ id: 'c', title: 'C', note: 'x' });
  await browser.settle();
  browser.network.online = false;
  await browser.settle();
  page.tasks.get('a')?.save({ done: 'yes' });
  page.tasks.get('a')?.save({ title: 'A2' });
  page.tasks.get('b')?.destroy();
  page.tasks.create({ id: 'd', title: 'D', done: 'no' });
  page.tasks.get('c')?.unset('title');
  page.tasks.get('c')?.save();
  await browser.settle();
  browser.kill();
  return world;
}

/** What the server has, each record with its id. */
export async function rowsOf(core: Core) {
  const peer = await FakePeer.connect(core, 'ann');
  const answer = (await peer.ask('read', { topic: '/tasks' })) as { rows: [string, number, object][] };
  return answer.rows.map(([id, , attrs]) => ({ id, ...attrs }));
}
