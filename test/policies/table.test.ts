import { describe, expect, it } from 'vitest';
import type { Attributes } from '../../src/protocol/attributes.ts';
import type { ConflictPolicy } from '../../src/server/store.ts';
import { clash, type Stage, type Story } from './clash.ts';

/** What a conflict function does that goes by parts: both titles, both sides' tags, each place of a nested object by itself. */
const both: ConflictPolicy = ({ was, theirs, yours }) => {
  const all: Record<string, Attributes[string]> = { ...theirs };
  for (const [name, value] of Object.entries(yours)) {
    const there = theirs[name];
    if ([was[name], there].some((other) => JSON.stringify(other) === JSON.stringify(value))) continue;
    if (typeof value === 'string' && there !== was[name]) all[name] = `${String(there)}+${value}`;
    else if (Array.isArray(value) && Array.isArray(there)) all[name] = [...new Set([...there, ...value])];
    else if (name === 'at') all[name] = { ...Object(there), ...Object(value), both: true };
    else all[name] = value;
  }
  return all;
};
const POLICIES = { merge: 'merge', reject: 'reject', both } as const;

type Deeds = Pick<Story, 'mine' | 'theirs' | 'old'>;
const DEEDS = {
  'different attributes': { mine: [{ title: 'Mine' }], theirs: { note: 'Theirs' } },
  'the same attribute': { mine: [{ title: 'Mine' }], theirs: { title: 'Theirs' } },
  'the same': { mine: [{ title: 'Same' }], theirs: { title: 'Same' } },
  'a delete against an update': { mine: [null], theirs: { title: 'Theirs' } },
  'an update against a delete': { mine: [{ title: 'Mine' }], theirs: null },
  'a list': { old: { tags: ['a'] }, mine: [{ tags: ['a', 'm'] }], theirs: { tags: ['a', 't'] } },
  'a nested object': {
    old: { at: { x: 1, y: 1 } },
    mine: [{ at: { x: 2, y: 1 } }],
    theirs: { at: { x: 1, y: 2 } },
  },
} satisfies Record<string, Deeds>;

interface End {
  /** What me, my sibling, the other device and the server hold; one text where they agree. */
  readonly ends: string;
  /** What the three heard. */
  readonly heard: string;
  /** The conflict; only in the tab where it was written, but for a refused one. */
  readonly told?: string;
  /** What all hold after `resolve` and after `discard`. */
  readonly after?: readonly [resolved: string, discarded: string];
}
type Row = readonly [did: keyof typeof DEEDS, stages: string, policies: string, end: End];

const [ANY, SENT] = ['merge reject both', 'crossing offline'];
const L = { old: '["a"]', mine: '["a","m"]', theirs: '["a","t"]', both: '["a","t","m"]' };
const N = {
  ...{ old: '{"x":1,"y":1}', mine: '{"x":2,"y":1}', theirs: '{"x":1,"y":2}' },
  both: '{"x":2,"y":1,"both":true}',
};
/** One attribute that both have changed, as it goes over the wire: one value, whatever it holds. */
function whole(did: keyof typeof DEEDS, name: string, v: typeof L, rest = ''): Row[] {
  const [old, mine, theirs, merged] = [v.old, v.mine, v.theirs, v.both].map((value) => value + rest);
  const [m, t, b] = [v.mine, v.theirs, v.both].map((value) => `${name}=${value}`);
  const told = `${name}: ${old} > ${mine}, ${theirs}`;
  const after = [String(mine), String(theirs)] as const;
  const open = `${mine} / ${theirs} / ${theirs} / ${theirs}`;
  return [
    [did, 'typed', ANY, { ends: open, heard: `${m} / ${t} / ${t}`, told, after }],
    [did, SENT, 'merge', { ends: String(mine), heard: `${m} / ${m} / ${t}, ${m}` }],
    [did, 'reload', 'merge', { ends: String(mine), heard: `- / - / ${t}, ${m}` }],
    [did, SENT, 'reject', { ends: open, heard: `${m} / ${m}, ${t} / ${t}`, told, after }],
    [did, 'reload', 'reject', { ends: String(theirs), heard: `${t} / ${t} / ${t}`, told, after }],
    [did, SENT, 'both', { ends: String(merged), heard: `${m}, ${b} / ${m}, ${b} / ${t}, ${b}` }],
    [did, 'reload', 'both', { ends: String(merged), heard: `${b} / ${b} / ${t}, ${b}` }],
  ];
}

const [m, n, t, s] = ['title=Mine', 'note=Theirs', 'title=Theirs', 'title=Same'];
const DELETED = { told: 'title: Old|Old > Mine|Old, none', after: ['Mine|Old', 'none'] } as const;
const REFUSED = { told: 'title: Old|Old > none, Theirs|Old', after: ['none', 'Theirs|Old'] } as const;
const TITLES = { old: 'Old', mine: 'Mine', theirs: 'Theirs', both: 'Theirs+Mine' };

const ROWS: readonly Row[] = [
  [
    'different attributes',
    'typed',
    ANY,
    { ends: 'Mine|Theirs / Old|Theirs / Old|Theirs / Old|Theirs', heard: `${m}, ${n} / ${n} / ${n}` },
  ],
  ['different attributes', SENT, ANY, { ends: 'Mine|Theirs', heard: `${m}, ${n} / ${m}, ${n} / ${n}, ${m}` }],
  ['different attributes', 'reload', ANY, { ends: 'Mine|Theirs', heard: `${n} / ${n} / ${n}, ${m}` }],
  ...whole('the same attribute', 'title', TITLES, '|Old'),
  ['the same', `typed ${SENT}`, ANY, { ends: 'Same|Old', heard: `${s} / ${s} / ${s}` }],
  ['the same', 'reload', ANY, { ends: 'Same|Old', heard: `- / - / ${s}` }],
  [
    'a delete against an update',
    SENT,
    'merge both',
    { ends: 'none', heard: `remove / remove / ${t}, remove` },
  ],
  ['a delete against an update', 'reload', 'merge both', { ends: 'none', heard: `- / - / ${t}, remove` }],
  [
    'a delete against an update',
    SENT,
    'reject',
    { ends: 'Theirs|Old', heard: `remove, add / remove, add / ${t}`, ...REFUSED },
  ],
  [
    'a delete against an update',
    'reload',
    'reject',
    { ends: 'Theirs|Old', heard: `add / add / ${t}`, ...REFUSED },
  ],
  [
    'an update against a delete',
    'typed',
    ANY,
    { ends: 'Mine|Old / none / none / none', heard: `${m} / remove / remove`, ...DELETED },
  ],
  [
    'an update against a delete',
    SENT,
    ANY,
    { ends: 'Mine|Old / none / none / none', heard: `${m} / ${m}, remove / remove`, ...DELETED },
  ],
  ['an update against a delete', 'reload', ANY, { ends: 'none', heard: 'remove / remove / remove' }],
  ...whole('a list', 'tags', L),
  ...whole('a nested object', 'at', N),
];

const rows = ROWS.flatMap(([did, stages, policies, end]) =>
  stages.split(' ').flatMap((stage) =>
    policies.split(' ').map((policy) => {
      const story = {
        ...DEEDS[did],
        stage: stage as Stage,
        policy: POLICIES[policy as keyof typeof POLICIES],
      };
      return { name: `${did}, ${stage}, ${policy}`, story, ...end };
    }),
  ),
);

describe('the policies, what both sides did, and how far mine had come', () => {
  for (const { name, story, ends, heard, told, after } of rows)
    it(`[CF13] ${name}`, async () => {
      const world = await clash(story);
      const { me, sibling, other } = world;
      expect([await world.ends(), world.heard()]).toEqual([ends, heard]);
      const isRefused = told && story.stage !== 'typed' && !told.endsWith('none');
      expect([me.told, sibling.told, other.told]).toEqual([told ? [told] : [], isRefused ? [told] : [], []]);
      if (told) expect(me.state?.state).toBe('conflict');
      for (const [i, way] of (['resolve', 'discard'] as const).entries()) {
        if (!after) continue;
        const one = await clash(story);
        one.me.conflict[way]();
        await one.settle();
        expect([await one.ends(), one.left(), one.me.told.length]).toEqual([after[i], [0, 0], 1]);
        expect([one.me.state?.state, one.sibling.state?.state]).not.toContain('conflict');
      }
      expect([...me.page.reported, ...sibling.page.reported, ...other.page.reported]).toEqual([]);
    });
});
