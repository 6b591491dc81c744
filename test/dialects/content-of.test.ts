import { expect, it } from 'vitest';
import type { Json } from '../../src/base/json.ts';
import { contentOf, recordsIn } from '../../src/hub/dialects/said/content-of.ts';

const envelope = { dataAttribute: 'data', own: ['success'] };
const record = { id: 1, title: 'One' };

it.each<[string, Json, Json]>([
  ['under its name', { success: true, data: record }, record],
  ['a list under its name', { success: true, data: [record] }, [record]],
  ['beside the rest', { success: true, ...record }, record],
  ['with an attribute of that name', { success: true, ...record, data: 'x' }, { ...record, data: 'x' }],
  ['none, with a word in its place', { success: true, data: 'ok' }, null],
  ['none under its name', { success: true, data: null }, null],
  ['none', { success: true }, null],
  ['a list', [record], [record]],
  ['a word', 'ok', null],
])('[DW12] finds the records of an answer: %s', (_, message, found) => {
  expect(recordsIn(message, envelope)).toEqual(found);
});

it('[DW12] refuses an answer that nothing safe can be made of', () => {
  const isRefusal = () => false;
  const read = (came: unknown) => () => contentOf(came, { ...envelope, isRefusal });
  for (const came of [new Uint8Array(2), { at: new Date(0) }, JSON.parse('{"__proto__": {"a": 1}}')])
    expect(read(came)).toThrow(expect.objectContaining({ code: 'bad-message' }));
  expect(read(undefined)()).toBeNull();
});
