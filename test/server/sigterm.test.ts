import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { io } from 'socket.io-client';
import { expect, it } from 'vitest';
import { handshake, sent } from './support/fake-peer.ts';
import { next } from './support/live-server.ts';

it('[OP6] a process that is told to end answers what is under way, lets its clients go, and ends with 0', {
  timeout: 30_000,
}, async () => {
  const child = fork(join(import.meta.dirname, 'support/graceful-server.ts'));
  try {
    const said = async () => (await once(child, 'message'))[0];
    const port = await said();
    const options = { auth: handshake('ann'), transports: ['websocket'], reconnection: false };
    const socket = io(`http://127.0.0.1:${port}/medulla`, options);
    await next(socket, 'welcome');
    const begun = said();
    const answer = socket.emitWithAck('push', { user: 'ann', mutations: [sent('a:1', { user: 'ann' })] });
    expect(await begun).toBe('begun');
    const [told, leaving] = [said(), next(socket, 'leaving')];
    child.kill('SIGTERM');
    expect(await told).toBe('told');
    await leaving;
    child.send('go on');
    expect((await answer).receipts[0].type).toBe('applied');
    expect(await once(child, 'exit')).toEqual([0, null]);
    socket.disconnect();
  } finally {
    child.kill('SIGKILL');
  }
});
