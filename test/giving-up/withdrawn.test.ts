import { expect, it } from 'vitest';
import type { Request } from '../../src/client/calls/request.ts';
import { endOf, LATE, save, world } from './world.ts';

type World = Awaited<ReturnType<typeof world>>;

/** Where a write may be when its user gives it up. */
const PLACES = {
  queued: (w: World) => w.offline(),
  parked: async () => undefined,
  sent: async ({ network }: World) => {
    network.stuck = true;
  },
  applied: async ({ network }: World) => {
    network.hold = (name) => (name === 'push' ? new Promise(() => undefined) : undefined);
  },
} as const;
const KINDS = ['create', 'update'] as const;
const WAYS = {
  abort: (_model: unknown, request: Request) => request.abort(),
  discard: (_model: unknown, _request: Request, { outbox }: World) => outbox[0]?.discard(),
  destroy: (model: { destroy(): unknown }) => model.destroy(),
} as const;

type Case = [keyof typeof PLACES, keyof typeof WAYS, 'live' | 'late', 'stands' | 'never was' | 'deleted'];
const CASES: Case[] = [
  ['queued', 'abort', 'late', 'stands'],
  ['queued', 'discard', 'late', 'never was'],
  ['queued', 'destroy', 'late', 'deleted'],
  ['parked', 'abort', 'live', 'stands'],
  ['parked', 'abort', 'late', 'stands'],
  ['parked', 'discard', 'live', 'never was'],
  ['parked', 'discard', 'late', 'never was'],
  ['parked', 'destroy', 'late', 'deleted'],
  ['sent', 'abort', 'live', 'stands'],
  ['sent', 'abort', 'late', 'stands'],
  ['sent', 'discard', 'live', 'never was'],
  ['sent', 'discard', 'late', 'never was'],
  ['sent', 'destroy', 'late', 'deleted'],
  ['applied', 'abort', 'live', 'stands'],
  ['applied', 'discard', 'live', 'stands'],
  ['applied', 'discard', 'late', 'stands'],
  ['applied', 'destroy', 'late', 'deleted'],
];

it.each(CASES.flatMap((one) => KINDS.map((kind) => [kind, ...one] as const)))(
  '[GU5] a write that is given up: %s, %s, by %s, %s: %s',
  async (kind, place, way, when, end) => {
    const w = await world();
    const { tasks, first, browser, network, outbox, medulla, rules } = w;
    const requests: Request[] = [];
    tasks.on('request', (_model: unknown, request: Request) => requests.push(request));
    const title = place === 'parked' ? 'stuck' : 'new';
    await PLACES[place](w);
    const model = kind === 'create' ? tasks.create({ title }) : first;
    if (kind === 'update') save(first, { title });
    await browser.settle(when === 'late' ? LATE : 200);
    const request = requests[0] as Request;
    expect(request.state()).toBe(when === 'late' ? 'resolved' : 'pending');
    WAYS[way](model, request, w);
    await browser.settle(1_000);
    network.stuck = false;
    network.hold = null;
    rules.isOpen = true;
    await w.offline();
    await w.online();
    const before = kind === 'create' ? [] : ['first'];
    const others = kind === 'create' ? ['first'] : [];
    const after = { stands: [title], 'never was': before, deleted: [] }[end];
    expect(await w.there()).toEqual([...others, ...after].sort());
    expect(w.titlesThere()).toEqual(await w.there());
    expect(w.titles()).toEqual(await w.there());
    const ends = { late: [202, 'Accepted', false], live: [0, 'abort', false] } as const;
    if (way !== 'discard') expect(endOf(request)).toEqual(ends[when]);
    expect(medulla.stateOf(model).state).toBe('clean');
    expect([outbox.length, medulla.status.get('pending'), medulla.status.get('rejected')]).toEqual([0, 0, 0]);
  },
);
