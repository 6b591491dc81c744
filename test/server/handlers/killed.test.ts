import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { io } from 'socket.io-client';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { endChild } from '../../support/processes/end-child.ts';
import { forkChild } from '../../support/processes/fork-child.ts';
import { handshake, sent } from '../support/fake-peer.ts';
import type { LedgerSettings } from '../support/ledger-server.ts';
import { next } from '../support/live-server.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'medulla-ledger-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** A life of the server: what becomes of each of these pushes; the last of a life that is killed is cut off. */
async function life(pushes: number, dies?: LedgerSettings['dies']): Promise<string[]> {
  const settings = { store: join(folder, 'app.db'), backend: join(folder, 'own.db'), ...(dies && { dies }) };
  const { child, said } = forkChild(join(import.meta.dirname, '../support/ledger-server.ts'), settings);
  const auth = handshake('ann');
  const socket = io(`http://127.0.0.1:${await said}/medulla`, {
    auth,
    transports: ['websocket'],
    reconnection: false,
  });
  try {
    await next(socket, 'welcome');
    const cut = next(socket, 'disconnect').then(() => 'cut off');
    const write = sent('a:1', { user: 'ann', topic: '/invoices', record: 7, set: { number: 'R-7' } });
    const outcomes: string[] = [];
    for (let n = 0; n < pushes; n++) {
      const answer = socket.emitWithAck('push', { user: 'ann', mutations: [write] });
      outcomes.push(await Promise.race([cut, answer.then(({ receipts }) => receipts[0].type as string)]));
    }
    return outcomes;
  } finally {
    socket.disconnect();
    await endChild(child);
  }
}

it.each(['before', 'after'] as const)(
  '[PE3] a write is done once whose process is killed %s the application has kept what it did of it',
  async (dies) => {
    expect(await life(1, dies)).toEqual(['cut off']);
    expect(await life(2)).toEqual(['applied', 'duplicate']);
    const own = new DatabaseSync(join(folder, 'own.db'));
    expect(own.prepare('SELECT * FROM invoices').all()).toEqual([{ id: 7, number: 'R-7' }]);
    own.close();
  },
  20_000,
);
