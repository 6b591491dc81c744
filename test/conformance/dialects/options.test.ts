import { expect, it } from 'vitest';
import { lateConnection } from '../../../src/hub/adapters/late-connection.ts';
import type { Attributes } from '../../../src/protocol/attributes.ts';
import { until } from '../../support/until.ts';
import { dialectWorld } from './dialect-world.ts';
import { connectionOf } from './rest-dialect.ts';

const SERVER = 'http://127.0.0.1:9';

it.each([
  [{ name: 'smoke' }, "There is no dialect 'smoke'"],
  [{ name: 'constructor' }, 'There is no dialect'],
  [{ name: 'rest', poll: 5 }, 'dialect.poll is in milliseconds'],
  [{ name: 'rest', suffix: 7 }, 'dialect.suffix is not text'],
  [{ name: 'rest', idAttribute: 7 }, 'dialect.idAttribute'],
  [{ name: 'websocket', url: 'ws://[' }, 'Invalid URL'],
  [{ name: 'websocket', protocol: 'no protocol' }, 'Protocol'],
])('[DI19] says what is wrong with %j', async (dialect: Attributes & { name: string }, problem) => {
  const connection = lateConnection(async () => connectionOf(dialect, SERVER));
  const world = dialectWorld(connection);
  const { status } = world.tab().medulla;
  await until(() => status.get('connection') === 'paused');
  expect(status.get('reason')).toBe('bad-option');
  expect(status.get('message')).toContain(problem);
  await world.end();
});

it('[DI19] a dialect that cannot be loaded is as a server that is not there: it is tried again', async () => {
  let tries = 0;
  const connection = lateConnection(async () => {
    if (++tries < 2) throw new TypeError('The script is not there');
    return connectionOf({ name: 'rest' }, SERVER);
  });
  const world = dialectWorld(connection);
  const { medulla } = world.tab();
  await until(() => medulla.isOpen);
  expect(tries).toBe(2);
  await world.end();
});
