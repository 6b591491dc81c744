import type { MedullaOptions } from '../../src/client/options.ts';
import type { Attributes } from '../../src/protocol/attributes.ts';
import type { Sent } from '../../src/protocol/server-up.ts';
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
