import type { RecordId, Topic } from '../../../src/protocol/ids.ts';
import type { Core } from '../../../src/server/core.ts';
import { Refusal } from '../../../src/server/resource/refusal.ts';
import { FakePeer, sent } from '../../server/support/fake-peer.ts';
import { Ledger } from '../../server/support/ledger.ts';

/** What nobody but alice may ever be told. */
export const CANARY = 'CANARY-of-alice';

const isTitle = {
  '~standard': {
    version: 1,
    vendor: 'fuzz',
    validate: (value: unknown) =>
      typeof (value as { title?: unknown }).title === 'string'
        ? { value }
        : { issues: [{ message: 'There is no title', path: ['title'] }] },
  },
} as const;

/** Resources of every kind that a server may have. Some are alice's alone. */
export function addResources(core: Core): void {
  core.resource('/tasks', { public: true });
  core.resource('/strict', { public: true, conflict: 'reject', schema: isTitle });
  core.resource('/merged', { public: true, conflict: ({ theirs, yours }) => ({ ...theirs, ...yours }) });
  core.resource('/numbered', { public: true, methods: ['archive'] });
  core
    .resource('/guarded/:name', { authorize: (ctx) => ctx.params.name !== 'alice' })
    .use('create', 'update', 'patch', async (ctx, next) => {
      if (ctx.attrs?.title === 'no') throw new Refusal('Not that title', { code: 'invalid' });
      ctx.set.seen = true;
      await next();
    })
    .use('read', async (ctx, next) => {
      await next();
      ctx.notify('/tasks');
    });
  core.resource('/users/:me/notes', { authorize: ({ user, params }) => user === params.me });
  core.resource('/secrets/alice', { authorize: ({ user }) => user === 'alice', methods: ['archive'] });
  core.resource('/filtered', {
    public: true,
    filter: (record, { user }) => record.owner !== 'alice' || user === 'alice',
  });
  core.resource('/tagged', { authorize: ({ user }) => ({ tag: user === 'alice' ? 'owner' : 'guest' }) });
  // Everybody may put something in, and alice alone may look.
  core.resource('/box', {
    authorize: ({ method, user }) => method !== 'read' || user === 'alice',
    conflict: 'reject',
  });
  // Two backends of the application's own: alice's, which others may do nothing to, and everybody's.
  core.resource('/kept/alice', {
    authorize: ({ user }) => user === 'alice',
    handlers: new Ledger().handlers,
  });
  core.resource('/kept/:name', {
    public: true,
    handlers: new Ledger().handlers,
    filter: (record, { user }) => record.owner !== 'alice' || user === 'alice',
  });
  core.resource('/shut');
  core.on('message', (_session, content) => content);
}

const SECRET: readonly [Topic, RecordId][] = [
  ['/secrets/alice' as Topic, 's1'],
  ['/users/alice/notes' as Topic, 'n1'],
  ['/filtered' as Topic, 'f1'],
  ['/kept/alice' as Topic, 's1'],
];

/** What others may write over, and not read. */
const LETTER: readonly [Topic, RecordId] = ['/box' as Topic, 'b1'];

/** Alice has something of her own, and follows it. What she sees is to stay what it is. */
export async function alice(core: Core) {
  const peer = await FakePeer.connect(core, 'alice');
  for (const [at, [topic, record]] of [...SECRET, LETTER].entries()) {
    const set = { title: CANARY, owner: 'alice' };
    await peer.push(sent(`alice:${at + 1}`, { user: 'alice', topic, record, set }));
    await peer.follow(topic);
  }
  const before = await seen(peer);
  return {
    /** What is wrong with what she has; undefined = nothing. */
    async harm(): Promise<string | undefined> {
      const now = await seen(peer);
      if (now !== before) return `alice's records were ${before}, and are ${now}`;
      const again = sent('alice:1', { user: 'alice', topic: SECRET[0]?.[0], record: 's1', set: {} });
      const [type] = await peer.types(again);
      return type === 'duplicate' ? undefined : `alice's write is ${type} when it comes again`;
    },
  };
}

async function seen(peer: FakePeer): Promise<string> {
  const all = [];
  for (const [topic, record] of SECRET) all.push(await peer.ask('read', { topic, record }));
  return JSON.stringify(all.map((answer) => (answer as { rows?: unknown }).rows));
}
