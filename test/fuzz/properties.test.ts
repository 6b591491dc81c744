/** What holds for whatever is put in, found out and made small by fast-check. */
import { array, assert, constantFrom, dictionary, option, property, string, tuple } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isLonger } from '../../src/base/is-longer.ts';
import { equalJson, type Json } from '../../src/base/json.ts';
import type { Attributes } from '../../src/protocol/attributes.ts';
import { afterEntry, type Entry } from '../../src/protocol/change.ts';
import type { RecordKey, Topic } from '../../src/protocol/ids.ts';
import { conflate } from '../../src/server/commit/conflate.ts';
import { badText } from '../../src/server/session/names.ts';
import { publicCore } from '../server/support/test-core.ts';

const runs = { numRuns: 500 };
const names = constantFrom('a', 'b', 'c', 'toString', 'valueOf');
const attributes = dictionary(names, constantFrom<Json>(null, 0, 1, 'x', [], [1], { a: 1 }));
const text = string({ unit: 'binary', maxLength: 40 });

describe('for whatever is put in', { timeout: 60_000 }, () => {
  it('[HI7] changes that are folded do what they do one after the other', () => {
    const change = tuple(
      constantFrom('x', 'y'),
      option(attributes),
      option(array(names), { nil: '*' as const }),
    );
    const apply = (records: Map<string, Attributes>, [record, , set, unset]: Entry): void => {
      const next = afterEntry(records.get(String(record)) ?? null, [record, 0, set, unset ?? null]);
      if (next) records.set(String(record), next);
      else records.delete(String(record));
    };
    assert(
      property(attributes, array(change, { maxLength: 12 }), (before, changes) => {
        const entries = changes.map(([record, set, unset], at): Entry => [record, at + 1, set, set && unset]);
        const [one, other] = [new Map<string, Attributes>([['x', before]]), new Map([['x', before]])];
        for (const entry of entries) apply(one, entry);
        for (const entry of conflate(entries)) apply(other, entry);
        return equalJson(Object.fromEntries(other), Object.fromEntries(one));
      }),
      runs,
    );
  });

  it('[HI7] a topic that is made with parameters is matched with them, and is nobody else’s', async () => {
    const { core } = await publicCore();
    const deep = core.resource('/a/:one/b/:two', { public: true });
    core.resource('/a/:one', { public: true });
    core.resource('/a/:one/b/fixed', { public: true });
    assert(
      property(text, text, (one, two) => {
        if (badText(one) || badText(two) || one === '' || two === '' || two === 'fixed') return;
        const match = core.resources.match(deep.topic({ one, two }));
        expect([match?.resource.pattern, match?.params]).toEqual(['/a/:one/b/:two', { one, two }]);
      }),
      runs,
    );
  });

  it('[HI7] no text is a topic of two resources, and none of one that it is not under', async () => {
    const { core } = await publicCore();
    core.resource('/users/:me/notes', { public: true });
    const part = constantFrom('/', 'users', 'tasks', 'notes', '%2f', '%2e', '..', '%', ':me', '\0', '//');
    assert(
      property(array(part, { maxLength: 8 }), (parts) => {
        const topic = parts.join('') as Topic;
        const match = core.resources.match(topic);
        const isUnder = /^\/users\/[^/]+\/notes$/.test(topic);
        expect(match === null || match.resource.pattern === (isUnder ? '/users/:me/notes' : topic)).toBe(
          true,
        );
      }),
      runs,
    );
  });

  it('[HI7] a text is counted in bytes as it goes over a wire', () => {
    assert(
      property(text, (one) => {
        const bytes = Buffer.byteLength(one);
        expect([isLonger(one, bytes), isLonger(one, bytes - 1)]).toEqual([false, true]);
      }),
      runs,
    );
  });

  it('[HI7] a page of a topic goes on from any key, and no record is in two', async () => {
    const { core, peer } = await publicCore({ page: { rows: 3 } });
    const records = Array.from({ length: 20 }, (_, n) => `r${(n * 7) % 20}`);
    await core.publish(
      '/tasks' as Topic,
      records.map((record) => ({ record, set: {} })),
    );
    const { cursor } = (await peer.follow()) as unknown as { cursor: object };
    const found: unknown[] = [];
    for (let after: string | null = '' as RecordKey; after !== null; ) {
      const page = (await peer.ask('page', { topic: '/tasks', at: cursor, after })) as {
        rows: [string][];
        next: string | null;
      };
      found.push(...page.rows.map(([id]) => id));
      after = page.next;
    }
    expect(found).toEqual([...records].sort());
  });
});
