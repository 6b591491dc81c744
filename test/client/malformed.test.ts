import { describe, expect, it } from 'vitest';
import type { MutationId, Topic } from '../../src/protocol/ids.ts';
import type { TabDown } from '../../src/protocol/tab-down.ts';
import { PROTOCOL } from '../../src/protocol/version.ts';
import { settle, VirtualClock } from '../../src/testing/virtual-clock.ts';
import { HubDouble } from './support/hub-double.ts';
import { openPage } from './support/page.ts';

const id = 'another:1' as MutationId;
const topic = '/tasks' as Topic;
const news = {
  type: 'batch',
  batch: 100,
  n: 0,
  values: [{ topic, record: 1, version: 6, attrs: { n: 2 }, state: 'clean' }],
  settlements: [
    { type: 'queued', n: 7 },
    {
      type: 'settled',
      n: 7,
      receipt: { type: 'applied', ids: [id], offset: 1 },
      state: 'clean',
      status: 200,
    },
    { type: 'failed', n: 7, code: 'abort', message: 'Aborted', status: 0 },
  ],
  answers: [
    { type: 'rows', request: 7, rows: [[1, 6, { n: 2 }]], source: 'network', stale: false },
    { type: 'failed', request: 7, code: 'unreachable', message: 'Nobody', status: 0 },
  ],
  topics: [{ topic, loaded: true, synced: true }],
  outbox: {
    items: [
      {
        mutation: {
          id,
          user: '',
          topic,
          record: 1,
          method: 'patch',
          set: { n: 9 },
          unset: [],
          base: 6,
          was: {},
        },
        state: 'queued',
        attempts: 0,
        receipt: null,
      },
    ],
    gone: ['another:0'],
  },
  status: {
    connection: 'waiting',
    reason: 'unreachable',
    message: null,
    pending: 1,
    rejected: 0,
    durable: true,
    durableReason: null,
    user: '',
    lastSyncedAt: null,
  },
};
const others = [
  { type: 'welcome', boot: 'one', protocol: PROTOCOL, stale: true, lock: 'x' },
  { type: 'received', count: 1 },
  { type: 'authenticate', request: 1 },
  { type: 'failed', code: 'no-hub', message: 'It threw' },
];

type Path = readonly (string | number)[];

function pathsOf(value: unknown, path: Path = []): Path[] {
  if (typeof value !== 'object' || value === null) return [path];
  return [path, ...Object.entries(value).flatMap(([name, part]) => pathsOf(part, [...path, name]))];
}

/** The message with something else at one place of it. */
function spoilt(message: object, path: Path, wrong: unknown): unknown {
  const copy = structuredClone(message) as Record<string, unknown>;
  let at = copy;
  for (const name of path.slice(0, -1)) at = at[name] as typeof at;
  at[String(path.at(-1))] = wrong;
  return copy;
}

/** What a tab needs of a message to apply it whole. */
const NEEDED =
  /^(boot|lock|count|n|(values|settlements|answers|topics)(\.\d)?|values\.\d\.(topic|attrs)|topics\.\d\.topic|(settlements|answers)\.\d\.type)$/;

async function page() {
  const logged: string[] = [];
  const hub = new HubDouble();
  const opened = await openPage({ log: (_level, event) => logged.push(event) }, hub, new VirtualClock());
  const tasks = new (opened.backbone.Collection.extend({ url: '/tasks', follow: true }))();
  tasks.fetch();
  await settle();
  hub.rows([[1, 5, { n: 1 }]]);
  await settle();
  expect(opened.medulla.outbox.length).toBe(0);
  return { ...opened, tasks, logged };
}

describe('a message of the hub', () => {
  it('[HS13] that is none is dropped and logged', async () => {
    const { hub, logged } = await page();
    const wrong = [
      null,
      7,
      'batch',
      [],
      {},
      { type: 'news' },
      { type: 'constructor' },
      { type: 'batch', batch: 7 },
    ];
    for (const message of wrong) hub.sayAnything(message);
    await settle();
    expect(logged.filter((event) => event === 'bad-message')).toHaveLength(wrong.length);
  });

  it('[HS13] that lacks what a tab needs is dropped whole and logged: nothing of it is applied', async () => {
    const { hub, tasks, medulla, logged } = await page();
    const heard = hub.heard.length;
    const wrong = [news, ...others].flatMap((message) =>
      pathsOf(message)
        .filter((path) => NEEDED.test(path.join('.')))
        .map((path) => spoilt(message, path, undefined)),
    );
    for (const message of wrong) hub.sayAnything(message);
    await settle();
    expect(wrong.length).toBe(23);
    expect(logged.filter((event) => event === 'bad-message')).toHaveLength(wrong.length);
    expect([tasks.toJSON(), medulla.outbox.length, medulla.isOpen, hub.heard.length]).toEqual([
      [{ id: 1, n: 1 }],
      0,
      true,
      heard,
    ]);
  });

  it('[HS13] is applied when it is whole', async () => {
    const { hub, tasks, medulla, logged, reported } = await page();
    hub.say(news as unknown as TabDown);
    await settle();
    expect([tasks.toJSON(), medulla.outbox.length, medulla.isOpen]).toEqual([[{ id: 1, n: 2 }], 1, false]);
    expect([logged.filter((event) => event === 'bad-message'), reported]).toEqual([[], []]);
  });
});
