import { takeOrders } from '../../ordered-process.ts';
import { Crowd } from './crowd.ts';
import type { Entrance } from './lean-socket.ts';

/* Clients in a process of their own: `node child.ts`. The parent gives it orders. */

const crowd = new Crowd();

const orders = {
  connect: (entrance: Entrance, count: number) => crowd.connect(entrance, count),
  leave: (count: number) => crowd.leave(count),
  follow: (count: number, topics: number) => crowd.follow(count, topics),
  ask: (topic: string, cursor: unknown) => crowd.ask(topic, cursor),
  load: (topic: string) => crowd.load(topic),
  forget: async () => crowd.forget(),
  heard: async () => crowd.heard(),
  until: (sum: number) => crowd.until(sum),
  push: (writes: number, batch: number, authors: number, topics: number, records?: number) =>
    crowd.push(writes, batch, authors, topics, records),
};

export type CrowdOrders = typeof orders;

takeOrders(orders, null);
