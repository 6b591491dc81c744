import Backbone from 'backbone';
import type { Card } from '../cards.ts';
import { drive, serverOrigin } from './driver.ts';
import type { LimitDown, LimitUp } from './limit-messages.ts';

/** The limit's tab: a port, a plain Backbone collection that is filled from it, and no model where nothing is shown. */
const collection = new Backbone.Collection();
const waiting = new Map<number, () => void>();
const confirmed = new Map<number, () => void>();
const draining: Promise<void>[] = [];
let prepared: readonly Card[] = [];
let filled: () => void = () => undefined;
let port: MessagePort;
let online = true;
let gone: () => void = () => undefined;
let last = 0;

const post = (message: LimitUp) => port.postMessage(message);

function hear(message: LimitDown): void {
  if (message.type === 'rows') {
    collection.reset([...message.rows]);
    filled();
  } else if (message.type === 'changes') {
    for (const { id, set } of message.changes) collection.get(id)?.set(set);
  } else if (message.type === 'line') {
    online = message.online;
    if (!online) gone();
  } else {
    const map = message.type === 'saved' && !waiting.has(message.n) ? confirmed : waiting;
    map.get(message.n)?.();
    map.delete(message.n);
  }
}

drive({
  cards: collection,
  open() {
    port = new SharedWorker('/bench/limit-worker.js', { type: 'module' }).port;
    port.onmessage = ({ data }) => hear(data);
    return new Promise((resolve) => {
      filled = resolve;
      post({ type: 'open', server: serverOrigin });
    });
  },
  prepare(cards) {
    prepared = cards;
  },
  save(i, set) {
    const n = ++last;
    return new Promise((resolve) => {
      waiting.set(n, resolve);
      post({ type: 'save', n, card: { ...(prepared[i] as Card), ...set } });
    });
  },
  keep(i) {
    const n = ++last;
    draining.push(new Promise((resolve) => confirmed.set(n, resolve)));
    return new Promise((resolve) => {
      waiting.set(n, resolve);
      post({ type: 'keep', n, card: prepared[i] as Card });
    });
  },
  async drained() {
    await Promise.all(draining);
  },
  async offline() {
    if (online)
      await new Promise<void>((resolve) => {
        gone = resolve;
      });
  },
});
