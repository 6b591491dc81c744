import { monotonic } from '../../clock.ts';
import { topicOf } from '../topics.ts';
import { type Entrance, LeanSocket } from './lean-socket.ts';
import { pushesOf } from './mutations.ts';

/** How many connect, or ask for something, at a time. */
const AT_ONCE = 50;

/** Many clients in one process. */
export class Crowd {
  readonly #sockets: LeanSocket[] = [];
  readonly #latencies: number[] = [];
  /** Changes that all together have heard since they were last forgotten, and who waits for how many. */
  #heard = 0;
  #awaited: { readonly sum: number; readonly done: () => void } | null = null;
  #pushed = 0;

  async connect(entrance: Entrance, count: number): Promise<void> {
    const heard = () => {
      if (++this.#heard === this.#awaited?.sum) this.#awaited.done();
    };
    for (let left = count; left > 0; left -= AT_ONCE) {
      const group = Array.from({ length: Math.min(AT_ONCE, left) }, () => LeanSocket.open(entrance, heard));
      this.#sockets.push(...(await Promise.all(group)));
    }
  }

  /** The oldest ones go. */
  async leave(count: number): Promise<void> {
    await Promise.all(this.#sockets.splice(0, count).map((socket) => socket.close()));
  }

  /** Each of the last `count` follows one topic, as evenly as it goes; the very last one reads what it hears. */
  async follow(count: number, topics: number): Promise<void> {
    const wanting = this.#sockets.slice(-count);
    for (let at = 0; at < wanting.length; at += AT_ONCE) {
      const group = wanting.slice(at, at + AT_ONCE);
      await Promise.all(group.map((socket, i) => follow(socket, [topicOf((at + i) % topics)])));
    }
    for (const socket of this.#sockets) socket.hear = null;
    const last = wanting.at(-1);
    if (last) last.hear = (text) => this.#latencies.push(monotonic() - whenSent(text));
  }

  /** The last connection asks for what it has missed of a topic. Answers the text's length. */
  async ask(topic: string, cursor: unknown): Promise<number> {
    const answer = await this.#sockets
      .at(-1)
      ?.request('follow', { topics: [{ topic, cursor, live: false }] });
    return sound(answer ?? '').length;
  }

  /** The last connection loads all of a topic, page after page. Answers how many records those are. */
  async load(topic: string): Promise<number> {
    const socket = this.#sockets.at(-1);
    const first = await socket?.request('follow', { topics: [{ topic, cursor: null, live: false }] });
    const { rows, cursor: at, ...begun } = JSON.parse(sound(first ?? ''))[0].topics[0];
    let next: string | null = begun.next;
    let count: number = rows.length;
    while (next !== null) {
      const page = await socket?.request('page', { topic, at, after: next });
      const more = JSON.parse(sound(page ?? ''))[0];
      next = more.next;
      count += more.rows.length;
    }
    return count;
  }

  /** Forgets what was heard. */
  forget(): void {
    for (const socket of this.#sockets) socket.changes = 0;
    this.#heard = 0;
    this.#latencies.length = 0;
  }

  /** The fewest and the most changes that one of them has heard since, and how old they were. */
  heard() {
    const counts = this.#sockets.map(({ changes }) => changes);
    return { least: Math.min(...counts), most: Math.max(...counts), latencies: [...this.#latencies] };
  }

  /** Resolves once that many changes have been heard by all together. */
  async until(sum: number): Promise<void> {
    if (this.#heard >= sum) return;
    await new Promise<void>((done) => {
      this.#awaited = { sum, done };
    });
  }

  /** Each of the last `authors` pushes its share in batches, the next one with the answer to the one before it. Milliseconds. */
  async push(
    writes: number,
    batch: number,
    authors: number,
    topics: number,
    records?: number,
  ): Promise<number> {
    const pushes = { writes: Math.ceil(writes / authors), batch, topics, ...(records && { records }) };
    // All made before the clock starts: it is the server that is measured.
    const ready = this.#sockets.slice(-authors).map((socket) => ({
      socket,
      asks: pushesOf(`a${++this.#pushed}`, pushes).map((json) => socket.asking('push', json)),
    }));
    const start = monotonic();
    await Promise.all(
      ready.map(async ({ socket, asks }) => {
        for (const ask of asks) sound(await socket.ask(ask));
      }),
    );
    return monotonic() - start;
  }
}

const follow = async (socket: LeanSocket, topics: readonly string[]) =>
  sound(
    await socket.request('follow', {
      topics: topics.map((topic) => ({ topic, cursor: null, live: true })),
    }),
  );

/** An answer that is a refusal, or holds one, is nothing to be measured. */
function sound(answer: string): string {
  if (/"refused"|"type":"(retry|invalid|denied|conflict|unauthorized)"/.test(answer))
    throw new Error(`The server answered ${answer.slice(0, 300)}`);
  return answer;
}

/** The last thing that is said in a change is when it was made. */
const whenSent = (text: string): number => Number(/"at":([\d.]+)/.exec(text)?.[1]);
