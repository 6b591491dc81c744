import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { collectGarbage } from '../../../support/collect-garbage.ts';
import { card, cards, touch } from '../../cards.ts';
import { monotonic } from '../../clock.ts';
import { takeOrders } from '../../ordered-process.ts';
import { isBare, type ServerContestant } from '../contestants.ts';
import { topicOf } from '../topics.ts';
import type { LoadServed } from './load-served.ts';
import { bare, type Place, served } from './serve.ts';

/* A contestant's server in a process of its own: `node child.ts NAME [PLACE]`. The parent gives it orders. */

const name = process.argv[2] as ServerContestant;
const place = () => JSON.parse(process.argv[3] ?? '') as Place;
const it = await (isBare(name) ? bare : served)(name, place);
const server = it as LoadServed;

const collect = async (how: object) => {
  collectGarbage(how);
  await pause(50);
};
const turn = () => new Promise((resolve) => setImmediate(resolve));

const orders = {
  /** That many records in each of these topics. */
  async seed(first: number, end: number, records: number) {
    for (let at = first; at < end; at++) await server.seed(topicOf(at), cards(records));
  },
  /** Makes one topic's records so many. */
  async fill(topic: number, from: number, to: number) {
    await server.seed(
      topicOf(topic),
      Array.from({ length: to - from }, (_, i) => card(from + i)),
    );
  },
  /** Makes a topic's log so much longer. */
  async grow(topic: number, from: number, to: number) {
    for (let i = from; i < to; i++) await server.touch(topicOf(topic), touch(i % 1_000, i, 0));
  },
  /** Changes card after card of so many, topic after topic, each in a turn of its own. */
  async publish(first: number, changes: number, topics: number, records: number) {
    for (let i = first; i < first + changes; i++) {
      await server.touch(topicOf(i % topics), touch(Math.floor(i / topics) % records, i, monotonic()));
      await turn();
    }
  },
  records: (topic: number) => server.records(topicOf(topic)),
  head: (topic: number) => server.head(topicOf(topic)),
  async cpu() {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1e6;
  },
  /** Bytes, after all that can go has gone. What a collection frees is given back some time after it, and nobody is told: hence the rests. */
  async memory() {
    for (let i = 0; i < 4; i++) await collect({ type: 'major', execution: 'sync' });
    const { heapUsed, external, rss } = process.memoryUsage();
    return { heap: heapUsed + external, rss };
  },
  /** The same, without V8's room for new objects, which grows to 128 MB whoever is connected; it lets compiled code go, too. */
  async resident() {
    for (let i = 0; i < 4; i++) await collect({ type: 'major', execution: 'sync', flavor: 'last-resort' });
    return process.memoryUsage().rss;
  },
  write: (first: number, writes: number, batch: number, topics: number) =>
    'write' in it ? it.write(first, writes, batch, topics) : Promise.reject(new Error('It is not bare')),
  close: () => it.close(),
};

export type ServerOrders = typeof orders;

let port = 0;
if ('http' in it) {
  await new Promise<void>((resolve) => it.http.listen(0, '127.0.0.1', 8_192, () => resolve()));
  port = (it.http.address() as AddressInfo).port;
}
const entrance = 'http' in it ? { port, space: it.space, auth: it.auth } : null;
takeOrders(orders, entrance);
