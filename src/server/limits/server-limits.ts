import { MedullaError } from '../../protocol/errors.ts';
import type { Topic } from '../../protocol/ids.ts';
import type { Limits } from '../../protocol/server-down.ts';

/** What one client may ask of the server, so that it harms no other. The first four are told to each hub. */
export interface ServerLimits extends Limits {
  /** Open connections of one user, on each node. Nobody in particular has as many as there are, unless `rates.who` tells them apart. */
  readonly connections: number;
  /** Requests of one connection that are not answered yet. */
  readonly unanswered: number;
  /** Milliseconds in which a connection has to have said who it is, and a request by HTTP to be there whole. */
  readonly deadline: number;
  /** Bytes of requests by HTTP that are on their way at once. */
  readonly bodies: number;
  /** Bytes that wait for one connection to read them; who has more to read is told of no changes until it has read. */
  readonly unread: number;
  /** Bytes of the records in one answer to a read of a whole topic, or by a query. */
  readonly answer: number;
  /** Bytes of the options that one connection said with what it follows. */
  readonly options: number;
}

export const DEFAULT_LIMITS: ServerLimits = {
  batch: 500,
  bytes: 4_194_304,
  record: 262_144,
  topics: 1_000,
  connections: 1_000,
  unanswered: 2_000,
  deadline: 20_000,
  bodies: 67_108_864,
  unread: 2_097_152,
  answer: 67_108_864,
  options: 65_536,
};

/** `most`: so many may be followed over one connection. */
export const tooManyTopics = (most: number, topic: Topic): MedullaError =>
  new MedullaError(
    'rate',
    `A connection follows at most ${most} topics: ${topic.slice(0, 100)} is one too many.`,
  );
