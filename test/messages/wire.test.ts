import { expect, it, onTestFinished } from 'vitest';
import { socketConnection } from '../../src/hub/adapters/socket-connection.ts';
import type { Topic, UserId } from '../../src/protocol/ids.ts';
import { Refusal } from '../../src/server.ts';
import { recorded } from '../adapters/link-recorder.ts';
import { LiveServer } from '../server/support/live-server.ts';

/** A hub's link to a real server, over a real socket. */
async function linked() {
  const server = await LiveServer.start();
  onTestFinished(() => server.end());
  server.medulla.resource('/tasks', { public: true });
  const link = recorded(socketConnection({ server: server.url, path: '/socket.io', log: () => undefined }));
  await link.opened;
  return { ...link, server };
}

it('[SU1] goes over Socket.IO and back', async () => {
  const { link, server } = await linked();
  server.medulla.on('message', ({ user }, content) => ({ user, content }));
  expect(await link.request('message', { content: [1] })).toEqual({ answer: { user: 'ada', content: [1] } });
});

it('[SU1] a refusal goes over Socket.IO with what it says besides', async () => {
  const { link, server } = await linked();
  server.medulla.on('message', () => {
    throw new Refusal('Not now', { code: 'invalid', details: { until: 9 } });
  });
  const refused = { code: 'invalid', message: 'Not now', details: { until: 9 } };
  await expect(link.request('message', { content: 1 })).rejects.toMatchObject(refused);
});

it('[SU1] an answer that is no JSON ends no process, nor do such details of a refusal', async () => {
  const { link, server } = await linked();
  const round: Record<string, unknown> = {};
  round.round = round;
  server.medulla.on('message', (_session, content) => {
    if (content === 'refuse') throw new Refusal('No', { details: { count: 1n } });
    return round;
  });
  const tasks = server.medulla.resource('/methods', { public: true, methods: ['count'] });
  tasks.use('count', async (ctx, next) => {
    ctx.answer = 1n;
    ctx.notify();
    await next();
  });
  await expect(link.request('message', { content: 1 })).rejects.toMatchObject({ code: 'retry' });
  await expect(link.request('message', { content: 'refuse' })).rejects.toMatchObject({ message: 'No' });
  const to = { topic: '/methods' as Topic, method: 'count' };
  await expect(link.request('message', { content: 1, to })).rejects.toMatchObject({ code: 'internal' });
});

it('[SU3] of the server reaches all over Socket.IO, or those that follow a topic', async () => {
  const { link, server, heard, nextEvent } = await linked();
  const topics = [{ topic: '/tasks' as Topic, cursor: null, live: true }];
  server.medulla.send('others', null, { topic: '/tasks' });
  await link.request('follow', { topics });
  let next = nextEvent();
  server.medulla.send('all', { user: 'ada' as UserId });
  await next;
  next = nextEvent();
  server.medulla.send('tasks', 1, { topic: '/tasks' });
  await next;
  expect(heard.slice(1)).toEqual([
    ['message', { type: 'all', content: { user: 'ada' } }],
    ['message', { type: 'tasks', content: 1 }],
  ]);
});
