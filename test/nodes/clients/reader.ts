import { io, type Socket } from 'socket.io-client';
import type { Attributes } from '../../../src/protocol/attributes.ts';
import {
  afterEntry,
  type Cursor,
  type Entry,
  type LiveChanges,
  type Row,
} from '../../../src/protocol/change.ts';
import { type RecordKey, recordKey, type Topic } from '../../../src/protocol/ids.ts';
import { isLive, unpackLive } from '../../../src/protocol/live.ts';
import type { Answers, ServerEvents } from '../../../src/protocol/server-down.ts';
import { PROTOCOL } from '../../../src/protocol/version.ts';

export interface ReaderOptions {
  readonly url: string;
  readonly topic: Topic;
  readonly transport: 'websocket' | 'polling';
}

/** Follows a topic by hand, over and over again, and keeps count of what it is told on the wire. */
export class Reader {
  readonly options: ReaderOptions;
  readonly records = new Map<RecordKey, Attributes>();
  /**
   * Offsets: `live` were told as they happened, `caught` came with the answer to a follow, `again` were told a second
   * time over the same connection. `gaps`: how often something was missing and had to be asked for.
   */
  readonly counts = { live: 0, caught: 0, again: 0, gaps: 0, connections: 0, snapshots: 0 };
  /** The names of the nodes that let it in; a node that is started again has another. */
  readonly nodes = new Set<string>();
  cursor: Cursor | null = null;
  #socket: Socket | undefined;
  #timer: NodeJS.Timeout | undefined;
  /** How far this connection has been told. */
  #told = 0;
  #isAsking = false;
  #early: LiveChanges[] = [];
  #isOver = false;

  constructor(options: ReaderOptions) {
    this.options = options;
    this.#connect();
  }

  /** How many offsets it has in hand, of all that there ever were. */
  get offset(): number {
    return this.cursor?.offset ?? 0;
  }

  close(): void {
    this.#isOver = true;
    clearTimeout(this.#timer);
    this.#socket?.disconnect();
  }

  #connect(): void {
    const { url, transport } = this.options;
    const auth = { protocol: PROTOCOL, user: 'reader', token: null, device: 'reader' };
    const options = {
      auth,
      transports: [transport],
      reconnection: false,
      forceNew: true,
      withCredentials: true,
    };
    const socket = io(`${url}/medulla`, options);
    this.#socket = socket;
    this.#early = [];
    this.#isAsking = false;
    const again = () => {
      if (this.#socket !== socket || this.#isOver) return;
      this.#socket = undefined;
      socket.disconnect();
      this.#timer = setTimeout(() => this.#connect(), 100 + Math.random() * 400);
    };
    socket.on('welcome', ({ node }: ServerEvents['welcome']) => {
      this.nodes.add(node);
      this.counts.connections++;
      this.#told = 0;
      void this.#follow(socket);
    });
    socket.onAny((name: string, ...args: unknown[]) => {
      if (isLive(name)) this.#hear(unpackLive(name, args), socket);
    });
    socket.on('connect_error', again);
    socket.on('disconnect', again);
  }

  async #follow(socket: Socket): Promise<void> {
    this.#isAsking = true;
    const wish = { topic: this.options.topic, cursor: this.cursor, live: true };
    try {
      const answer: Answers['follow'] = await socket
        .timeout(20_000)
        .emitWithAck('follow', { topics: [wish] });
      const [followed] = answer.topics;
      if (followed?.type === 'changes') {
        this.counts.caught += followed.changes.to - this.offset;
        this.#apply(followed.changes.entries);
        const { epoch, to, mark } = followed.changes;
        this.cursor = { epoch, offset: to, mark };
      } else if (followed?.type === 'snapshot') await this.#snapshot(socket, followed.rows, followed);
      else throw new Error(JSON.stringify(answer));
    } catch {
      // The server does not answer as it should: another connection may.
      if (this.#socket === socket) socket.disconnect();
      return;
    }
    this.#isAsking = false;
    for (const changes of this.#early.splice(0)) this.#take(changes, socket);
  }

  async #snapshot(
    socket: Socket,
    first: readonly Row[],
    { cursor, next }: { cursor: Cursor; next: RecordKey | null },
  ) {
    const rows = [...first];
    for (let after = next; after !== null; ) {
      const page = { topic: this.options.topic, at: cursor, after };
      const answer: Answers['page'] = await socket.timeout(20_000).emitWithAck('page', page);
      rows.push(...answer.rows);
      after = answer.next;
    }
    this.counts.snapshots++;
    this.counts.caught += cursor.offset - this.offset;
    this.records.clear();
    for (const [record, , attrs] of rows) this.records.set(recordKey(record), attrs);
    this.cursor = cursor;
  }

  #hear(changes: LiveChanges, socket: Socket): void {
    if (this.#told > changes.from) this.counts.again += Math.min(this.#told, changes.to) - changes.from;
    this.#told = Math.max(this.#told, changes.to);
    if (this.#isAsking) this.#early.push(changes);
    else this.#take(changes, socket);
  }

  #take(changes: LiveChanges, socket: Socket): void {
    if (this.#isAsking || !this.cursor) return;
    if (changes.from > this.offset) {
      this.counts.gaps++;
      void this.#follow(socket);
      return;
    }
    if (changes.to <= this.offset) return;
    this.counts.live += changes.to - this.offset;
    const fresh = changes.entries.filter(([, at]) => at > this.offset);
    this.#apply(fresh);
    this.cursor = { ...this.cursor, offset: changes.to, mark: changes.mark };
  }

  #apply(entries: readonly Entry[]): void {
    for (const entry of entries) {
      const key = recordKey(entry[0]);
      const attrs = afterEntry(this.records.get(key) ?? null, entry);
      if (attrs) this.records.set(key, attrs);
      else this.records.delete(key);
    }
  }
}
