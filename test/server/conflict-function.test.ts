import { describe, expect, it } from 'vitest';
import type { ConflictFunction } from '../../src/server/store.ts';
import { FakePeer, sent } from './support/fake-peer.ts';
import { testCore } from './support/test-core.ts';

/** A record {n: 1, tags: [], old: 1} that somebody has made {n: 5} since. */
async function contested(conflict: ConflictFunction) {
  const { core, logged } = testCore();
  core.resource('/tasks', { public: true, conflict });
  const peer = await FakePeer.connect(core);
  await peer.push(sent('a:1', { set: { n: 1, tags: [], old: 1 } }));
  await peer.push(sent('b:1', { method: 'update', base: 1, set: { n: 5 }, was: { n: 1 } }));
  const late = sent('a:2', { method: 'update', base: 1, set: { n: 2 }, was: { n: 1 } });
  return { peer, logged, late };
}

describe('a conflict function', () => {
  it('[CF9] tells the author all that it made of the record, and everybody by the change', async () => {
    const { peer, late } = await contested(({ theirs }) => ({ n: Number(theirs.n) + 1, tags: ['merged'] }));
    await peer.follow();
    const [receipt] = await peer.push(late);
    expect(receipt).toMatchObject({
      type: 'applied',
      merged: true,
      set: { n: 6, tags: ['merged'] },
      unset: ['old'],
    });
    expect(peer.changes.at(-1)?.entries).toEqual([['x', 3, { n: 6, tags: ['merged'] }, ['old'], ['a:2']]]);
    expect(await peer.record('x')).toEqual({ n: 6, tags: ['merged'] });
  });

  it.each<[string, (...args: never[]) => unknown, string]>([
    [
      'throws',
      () => {
        throw new Error('secret');
      },
      'threw an error',
    ],
    [
      'returns a promise',
      async () => {
        throw new Error('late');
      },
      'it has to be synchronous',
    ],
    ['returns a list', () => [], 'no object'],
    ['returns nothing', () => undefined, 'no object'],
    ['returns what is no JSON', () => ({ at: new Date(0) }), 'not plain'],
  ])('[CF9] that %s has the write tried again, with a code and a sentence', async (_how, conflict, words) => {
    const { peer, logged, late } = await contested(conflict as ConflictFunction);
    const [receipt] = await peer.push(late);
    expect(receipt).toMatchObject({ type: 'retry', code: 'bad-merge' });
    expect(receipt && 'message' in receipt && receipt.message).toContain(words);
    expect(JSON.stringify(receipt)).not.toContain('secret');
    expect(logged).toContainEqual({ level: 'error', event: 'write-failed' });
    expect(await peer.record('x')).toMatchObject({ n: 5 });
  });

  it('[CF9] may do to its arguments what it likes', async () => {
    const { peer, late } = await contested((sides) => {
      (sides.theirs.tags as unknown[]).push('spoilt');
      return { ...sides.yours, n: 9 };
    });
    await peer.push(late);
    expect(await peer.record('x')).toEqual({ n: 9, tags: [], old: 1 });
  });
});
