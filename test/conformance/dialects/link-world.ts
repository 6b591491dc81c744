import { onTestFinished } from 'vitest';
import { silentLog } from '../../../src/base/log.ts';
import type { Connection } from '../../../src/hub/connection.ts';
import type { Attributes } from '../../../src/protocol/attributes.ts';
import type { Cursor, LiveChanges } from '../../../src/protocol/change.ts';
import type { MutationId, Topic, UserId } from '../../../src/protocol/ids.ts';
import type { Mutation } from '../../../src/protocol/mutation.ts';
import type { Receipt } from '../../../src/protocol/receipt.ts';
import type { Sent } from '../../../src/protocol/server-up.ts';
import { type RecordedLink, recorded } from '../../adapters/link-recorder.ts';
import { MemoryServer, memoryDialect } from './memory-dialect.ts';

export const TASKS = '/tasks' as Topic;
const USER = 'ada' as UserId;

/** A link that ends with the test. */
export async function opened(connection: Connection): Promise<RecordedLink> {
  const own = recorded(connection);
  onTestFinished(() => own.link.close());
  await own.opened;
  return own;
}

export async function begin(records: readonly Attributes[] = []) {
  const server = new MemoryServer();
  for (const record of records) server.put('/tasks', record);
  const connection = memoryDialect.connection(server, silentLog);
  return { server, connection, own: await opened(connection) };
}

let n = 0;
export function sent(more: Partial<Mutation>, also: readonly MutationId[] = []): Sent {
  const id = `tab:${++n}` as MutationId;
  const nothing = { set: {}, unset: [], base: 1, was: {} };
  return {
    mutation: { id, user: USER, topic: TASKS, record: 1, method: 'update', ...nothing, ...more },
    also,
    number: 1,
  };
}

export async function push({ link }: RecordedLink, ...mutations: Sent[]): Promise<Receipt> {
  const { receipts } = await link.request('push', { user: USER, mutations });
  const [receipt] = receipts;
  if (!receipt) throw new Error('There is no receipt');
  return receipt;
}

export const follow = ({ link }: RecordedLink, cursor: Cursor | null = null) =>
  link.request('follow', { topics: [{ topic: TASKS, cursor, live: true }] }).then(({ topics }) => topics[0]);

/** The same, where it begins with all of it. */
export async function followed(own: RecordedLink) {
  const begun = await follow(own);
  if (begun?.type !== 'snapshot') throw new Error('It is no snapshot');
  return begun;
}
export const withdraw = async ({ link }: RecordedLink, id: MutationId) =>
  (await link.request('withdraw', { user: USER, ids: [id] })).receipts[0];
export const changes = ({ heard }: RecordedLink) =>
  heard.filter(([name]) => name === 'changes').map(([, what]) => what as LiveChanges);
