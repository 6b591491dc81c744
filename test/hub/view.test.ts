import { expect, it } from 'vitest';
import type { Phase } from '../../src/hub/outbox/entry.ts';
import { Topic } from '../../src/hub/replica/topic.ts';
import { rowsOf, viewOf } from '../../src/hub/view.ts';
import type { RecordKey, TabId } from '../../src/protocol/ids.ts';
import { type EntryInit, outboxOf } from '../support/entries.ts';
import { TOPIC } from '../support/mutations.ts';

const refused: Phase = { type: 'rejected', receipt: { type: 'gone', ids: [], code: 'gone', message: '' } };
const withdrawn: Phase = { type: 'withdrawing', edit: null };
const receipt = { type: 'applied', ids: [], offset: 9, set: { at: 1 }, unset: ['x'] } as const;
const applied: Phase = { type: 'awaiting', receipt, epoch: null, welcome: null };

function shown(inits: EntryInit[], tab = 'tab1') {
  const topic = new Topic(TOPIC);
  topic.learn(['a', 4, { title: 'A' }]);
  const outbox = outboxOf(...inits);
  const { attrs, state, version } = viewOf(topic, outbox, 'a' as RecordKey, tab as TabId);
  return { attrs, state, version, rows: rowsOf(topic, outbox, tab as TabId) };
}

it('[HB17] shows the record under the mutations of its lane, in order', () => {
  expect(shown([])).toMatchObject({ attrs: { title: 'A' }, state: 'clean', version: 4 });
  expect(shown([{ set: { title: 'B', x: 1 } }, { set: { title: 'C' }, unset: ['x'] }])).toMatchObject({
    attrs: { title: 'C' },
    state: 'pending',
    version: 4,
  });
  expect(shown([{ method: 'delete' }])).toMatchObject({ attrs: null, rows: [] });
  expect(shown([{ record: 'n', method: 'create', set: { title: 'N' } }]).rows).toEqual([
    ['a', 4, { title: 'A' }],
    ['n', 0, { title: 'N' }],
  ]);
});

it('[HB17] shows another tab only what is durable or has its receipt', () => {
  const init = { set: { title: 'B' }, shown: false };
  expect(shown([init]).attrs).toEqual({ title: 'B' });
  expect(shown([init], 'tab2')).toMatchObject({ attrs: { title: 'A' }, rows: [['a', 4, { title: 'A' }]] });
});

it('[HB17] shows what the server made of an applied one', () => {
  expect(shown([{ set: { title: 'B', x: 1 }, phase: applied }])).toMatchObject({
    attrs: { title: 'B', at: 1 },
    state: 'clean',
  });
});

it('[HB17] shows a refused create, and nothing of other refused or withdrawn ones', () => {
  expect(shown([{ set: { title: 'B' }, phase: refused }])).toMatchObject({
    attrs: { title: 'A' },
    state: 'rejected',
  });
  expect(shown([{ method: 'delete', phase: refused }]).attrs).toEqual({ title: 'A' });
  expect(shown([{ set: { title: 'B' }, phase: withdrawn }])).toMatchObject({
    attrs: { title: 'A' },
    state: 'pending',
  });
  expect(shown([{ record: 'n', method: 'create', set: { n: 1 }, phase: refused }]).rows).toContainEqual([
    'n',
    0,
    { n: 1 },
  ]);
});
