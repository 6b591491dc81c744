import type { Card, Touch } from '../cards.ts';
import { LimitDisk } from './limit-disk.ts';
import type { LimitDown, LimitUp } from './limit-messages.ts';

/*
 * The physical limit: one raw WebSocket owned by a SharedWorker, one message a write, bare IndexedDB (grouped), plain
 * posts to the tabs. It parses nothing, promises nothing, and forgets what a cut swallowed.
 */

type Down = { saved: number } | { rows: Card[]; at: number } | { changes: Touch[]; at: number };

const disk = LimitDisk.open();
const ports: MessagePort[] = [];
const records = new Map<string, Card>();
const outbox = new Map<number, Card>();
let socket: WebSocket | undefined;
let cursor = -1;

const tell = (message: LimitDown) => {
  for (const port of ports) port.postMessage(message);
};

const putAll = async (cards: readonly Card[]) => {
  for (const card of cards) records.set(card.id, card);
  await (await disk).write('relaxed', (transaction) => {
    const store = transaction.objectStore('cards');
    for (const card of cards) store.put(card);
  });
};

function connect(server: string): void {
  const line = new WebSocket(server.replace('http', 'ws'));
  line.onopen = () => {
    socket = line;
    line.send(JSON.stringify(cursor < 0 ? { load: true } : { since: cursor }));
    for (const [n, card] of outbox) line.send(JSON.stringify({ save: card, n }));
    tell({ type: 'line', online: true });
  };
  line.onmessage = ({ data }) => receive(JSON.parse(data));
  line.onclose = () => {
    socket = undefined;
    tell({ type: 'line', online: false });
    setTimeout(connect, 200, server);
  };
}

async function showKept(): Promise<void> {
  const rows = await (await disk).cards();
  if (rows.length && cursor < 0) tell({ type: 'rows', rows });
}

async function receive(down: Down): Promise<void> {
  if ('saved' in down) {
    tell({ type: 'saved', n: down.saved });
    if (!outbox.delete(down.saved)) return;
    await (await disk).write('relaxed', (transaction) =>
      transaction.objectStore('outbox').delete(down.saved),
    );
  } else if ('rows' in down) {
    cursor = down.at;
    tell({ type: 'rows', rows: down.rows });
    await putAll(down.rows);
  } else {
    cursor = down.at;
    tell({ type: 'changes', changes: down.changes });
    // A single live change is not kept: a limit without the disk is the harder one to come near to.
    if (down.changes.length > 1)
      await putAll(down.changes.flatMap(({ id, set }) => ({ ...(records.get(id) as Card), ...set })));
  }
}

async function hear(port: MessagePort, message: LimitUp): Promise<void> {
  if (message.type === 'save') {
    socket?.send(JSON.stringify({ save: message.card, n: message.n }));
  } else if (message.type === 'keep') {
    outbox.set(message.n, message.card);
    await (await disk).write('strict', (transaction) => transaction.objectStore('outbox').put(message));
    port.postMessage({ type: 'kept', n: message.n } satisfies LimitDown);
  } else if (ports.push(port) === 1) {
    connect(message.server);
    showKept();
  } else {
    port.postMessage({ type: 'rows', rows: [...records.values()] } satisfies LimitDown);
    port.postMessage({ type: 'line', online: socket !== undefined } satisfies LimitDown);
  }
}

(globalThis as unknown as SharedWorkerGlobalScope).onconnect = ({ ports: [port] }) => {
  if (port) port.onmessage = ({ data }) => hear(port, data);
};
