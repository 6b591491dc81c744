import { expect, it } from 'vitest';
import { flexibleRate } from '../../src/server/limits/flexible-rate.ts';
import type { RateName } from '../../src/server/limits/rates.ts';
import { FakePeer } from '../server/support/fake-peer.ts';
import { publicCore } from '../server/support/test-core.ts';

async function slowCore(name: RateName, count: number) {
  const failed = (error: unknown) => expect.unreachable(String(error));
  const rate = { count, seconds: 1_000 };
  const { core } = await publicCore({ rates: { [name]: flexibleRate({ name, rate, failed }) } });
  return { core, ann: await FakePeer.connect(core, 'ann') };
}

const tooFast = { refused: { code: 'rate', after: expect.any(Number), message: expect.any(String) } };

it('[LI8] takes so many messages that are no changes', async () => {
  const { core, ann } = await slowCore('messages', 2);
  core.on('message', (_session, content) => content);
  const say = (content: number) => ann.ask('message', { content });
  expect([await say(1), await say(2), await say(3)]).toEqual([{ answer: 1 }, { answer: 2 }, tooFast]);
  expect(await ann.record('x')).toBe(null);
});

it('[LI8] answers so many reads', async () => {
  const { ann } = await slowCore('reads', 2);
  const read = () => ann.ask('read', { topic: '/tasks' });
  expect([await read(), await read(), await read()]).toMatchObject([{ rows: [] }, { rows: [] }, tooFast]);
});

it('[LI8] begins so many follows, and denies the others for now', async () => {
  const { core, ann } = await slowCore('reads', 2);
  core.resource('/notes/:note', { public: true });
  const topics = [1, 2, 3].map((note) => ({ topic: `/notes/${note}`, cursor: null, live: true }));
  expect(await ann.ask('follow', { topics })).toMatchObject({
    topics: [{ type: 'snapshot' }, { type: 'snapshot' }, { type: 'denied', topic: '/notes/3', code: 'rate' }],
  });
});
