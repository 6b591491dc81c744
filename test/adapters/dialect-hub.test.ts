import 'fake-indexeddb/auto';
import { expect, it, onTestFinished } from 'vitest';
import { silentLog } from '../../src/base/log.ts';
import { browserHub } from '../../src/hub/adapters/browser-hub.ts';
import { databaseName, ownerOf } from '../../src/hub/adapters/database-name.ts';
import type { DialectContext } from '../../src/hub/adapters/late-connection.ts';
import { webLocks } from '../../src/hub/adapters/web-locks.ts';
import type { Dialect } from '../../src/protocol/hub-configuration.ts';
import type { UserId } from '../../src/protocol/ids.ts';
import { tabLock } from '../../src/protocol/tab-terms.ts';
import { portPair } from '../../src/testing/port-pair.ts';
import { MemoryServer, memoryDialect } from '../conformance/dialects/memory-dialect.ts';
import { hello, tabEnd } from './tab-end.ts';

const SERVER = 'http://127.0.0.1:9';
const own = { user: 'ada' as UserId, server: SERVER, path: '/socket.io', slot: 0 };

it('[DI20] loads what speaks the dialect with what the application said of it, and has a database of its own', async () => {
  const asked: [Dialect, DialectContext][] = [];
  const dialect = { name: 'memory', colour: 'red' };
  const hub = browserHub(
    { ...own, dialect },
    {
      locks: navigator.locks,
      log: silentLog,
      dialects: async () => (given, context) => {
        asked.push([given, context]);
        return memoryDialect.connection(new MemoryServer(), silentLog);
      },
    },
  );
  onTestFinished(() => hub.close());
  await webLocks(navigator.locks).hold(tabLock(hello.tab));
  const [port, other] = portPair();
  hub.attach(other);
  const tab = tabEnd(port);
  tab.say(hello);
  await tab.first('batch', ({ status }) => status?.connection === 'open');
  expect(asked).toEqual([[dialect, expect.objectContaining({ server: SERVER, path: '/socket.io' })]]);
  const names = (await indexedDB.databases()).map(({ name }) => name);
  expect(names).toEqual([`medulla:${SERVER}/socket.io!memory:ada`]);
});

it("[DI20] a database of a dialect is not taken for the server's own, which is spoken to otherwise", () => {
  expect(ownerOf(databaseName(own))).toEqual({ user: 'ada', server: SERVER, path: '/socket.io' });
  expect(ownerOf(databaseName({ ...own, dialect: { name: 'rest' } }))).toBeNull();
});
