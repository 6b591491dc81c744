import { expect, it, onTestFinished } from 'vitest';
import type { Topic } from '../../../src/protocol/ids.ts';
import { type RecordedLink, recorded } from '../../adapters/link-recorder.ts';
import { until } from '../../support/until.ts';
import { BackboneIoServer } from '../dialects/backboneio-server.ts';
import { connectionOf } from '../dialects/rest-dialect.ts';

async function open() {
  const server = new BackboneIoServer('tasks');
  await server.start();
  onTestFinished(() => server.stop());
  const own = recorded(connectionOf({ name: 'backboneio' }, server.url));
  onTestFinished(() => own.link.close());
  await own.opened;
  return { server, own };
}

const follow = ({ link }: RecordedLink, topic: string, live = true) =>
  link.request('follow', { topics: [{ topic: topic as Topic, cursor: null, live }] });
const messages = ({ heard }: RecordedLink) => heard.filter(([name]) => name === 'message').length;

it('[IO-04] a backend that is released and followed again keeps the connection, and is heard once', async () => {
  const { server, own } = await open();
  for (let n = 0; n < 3; n++) {
    await follow(own, '/tasks');
    await own.link.request('release', { topic: '/tasks' as Topic });
  }
  const { topics } = await follow(own, '/tasks');
  expect(topics[0]?.type).toBe('snapshot');
  server.sayIn('tasks', 'news', { n: 1 });
  server.sayIn('tasks', 'news', { n: 2 });
  await until(() => own.heard.some(([, what]) => JSON.stringify(what).includes('"n":2')));
  expect([messages(own), server.sockets]).toEqual([2, 1]);
});

it('[IO-26] keeps no connection for channels that are read or written to only', async () => {
  const { server, own } = await open();
  for (const topic of ['/tasks', '/tasks/red', '/tasks/blue']) await follow(own, topic, false);
  await until(() => server.sockets === 1);
  await follow(own, '/tasks/red');
  await follow(own, '/tasks/red', false);
  expect(server.sockets).toBe(2);
  await own.link.request('release', { topic: '/tasks/red' as Topic });
  await until(() => server.sockets === 1);
});
