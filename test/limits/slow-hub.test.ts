import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { systemClock } from '../../src/base/clock.ts';
import { socketConnection } from '../../src/hub/adapters/socket-connection.ts';
import { tabLock } from '../../src/protocol/tab-terms.ts';
import { portPair } from '../../src/testing/port-pair.ts';
import { hello, tabEnd } from '../adapters/tab-end.ts';
import { HubWorld } from '../support/hub-world.ts';
import { TOPIC } from '../support/mutations.ts';
import { UnixWorld } from './unix-world.ts';

let world: UnixWorld;
let line: SlowLine;
afterEach(async () => {
  await line.end();
  await world.end();
});

/** Stands before the server, and hands on what comes from it only while it flows. */
class SlowLine {
  readonly #server: Server;
  readonly #lines = new Map<Socket, Socket>();

  constructor(file: string) {
    this.#server = createServer((client) => {
      const server = connect(file);
      this.#lines.set(server, client);
      for (const one of [client, server]) one.on('error', () => undefined);
      client.on('close', () => server.destroy());
      client.pipe(server).pipe(client);
    });
  }

  async open(): Promise<string> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  stop(): void {
    for (const [server, client] of this.#lines) server.unpipe(client).pause();
  }

  flow(): void {
    for (const [server, client] of this.#lines) server.pipe(client);
  }

  async end(): Promise<void> {
    for (const [server, client] of this.#lines) for (const one of [server, client]) one.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

it('[LI15] has a hub on a slow line show what everybody has, once it has read', async () => {
  world = await UnixWorld.start(300_000);
  line = new SlowLine(world.file);
  const log = () => undefined;
  const connection = socketConnection({ server: await line.open(), path: '/socket.io', log });
  const browser = new HubWorld();
  const hub = browser.start({ connection, clock: systemClock, log });
  const [near, far] = portPair();
  await browser.locks.hold(tabLock(hello.tab));
  hub.attach(far);
  const tab = tabEnd(near);
  const shown = (n: number) =>
    tab.first('batch', ({ values }) => values.some(({ attrs }) => attrs !== null && attrs.n === n));
  tab.say(hello);
  tab.say({ type: 'follow', topic: TOPIC });
  await tab.first('batch', ({ topics }) => topics.some(({ synced }) => synced));
  await world.publish(1);
  await shown(1);
  line.stop();
  let n = 1;
  // Until it is left out, and so long after it that it has to ask.
  while ((await world.publish(++n)) <= 300_000) expect(n).toBeLessThan(1_000);
  for (const last = n + 100; n < last; ) await world.publish(++n);
  line.flow();
  await shown(n);
  await hub.close();
}, 20_000);
