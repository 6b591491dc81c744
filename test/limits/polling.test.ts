import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { afterEach, expect, it } from 'vitest';
import { handshake } from '../server/support/fake-peer.ts';
import { UnixWorld } from './unix-world.ts';

const KB = 1_000;
const FOLLOW = '{"topics":[{"topic":"/tasks","cursor":null,"live":true}]}';

let world: UnixWorld;
afterEach(() => world.end());

/** A client that polls by hand, each time over a connection of its own. */
class Poller {
  #sid = '';

  async #ask(body?: string): Promise<IncomingMessage> {
    const path = `/socket.io/?EIO=4&transport=polling${this.#sid && `&sid=${this.#sid}`}`;
    const asked = request({ socketPath: world.file, path, method: body ? 'POST' : 'GET', agent: false });
    asked.end(body);
    const [response] = await once(asked, 'response');
    return response;
  }

  async say(text: string): Promise<void> {
    await textOf(await this.#ask(text));
  }

  /** What there is to hear. */
  async poll(): Promise<string> {
    return textOf(await this.#ask());
  }

  /** Asks for it, and reads nothing of the answer. Its status. */
  async pollBlindly(): Promise<number> {
    const response = await this.#ask();
    response.on('error', () => undefined);
    return response.statusCode ?? 0;
  }

  static async join(): Promise<Poller> {
    const poller = new Poller();
    poller.#sid = JSON.parse((await poller.poll()).slice(1)).sid;
    await poller.say(`40/medulla,${JSON.stringify(handshake())}`);
    await poller.say(`42/medulla,0["follow",${FOLLOW}]`);
    for (let heard = ''; !heard.includes('"snapshot"'); ) heard = await poller.poll();
    return poller;
  }
}

async function textOf(response: IncomingMessage): Promise<string> {
  let text = '';
  for await (const part of response) text += part;
  return text;
}

it('[LI14] keeps one answer for who polls and does not read: who polls again then is cut off', async () => {
  world = await UnixWorld.start(3_000 * KB);
  const poller = await Poller.join();
  let most = 0;
  const publish = async (from: number) => {
    for (let n = from; n < from + 20; n++) most = Math.max(most, await world.publish(n, 100 * KB));
  };
  await publish(0);
  await poller.pollBlindly();
  expect(world.waiting).toBeGreaterThan(1_000 * KB);
  await publish(20);
  expect(world.waiting).toBeGreaterThan(3_000 * KB);
  const gone = new Promise((resolve) => world.medulla.on('disconnect', resolve));
  await poller.pollBlindly();
  await gone;
  await publish(40);
  expect(most).toBeLessThan(4_000 * KB);
  expect(world.unsent).toBeLessThan(2_500 * KB);
});

it('[LI14] goes on with who polls and reads, however much it was', async () => {
  world = await UnixWorld.start(3_000 * KB);
  const poller = await Poller.join();
  for (let n = 1; n <= 100; n++) {
    await world.publish(n, 100 * KB);
    if (n % 10 === 0) expect(await poller.poll()).toContain(`["/tasks",${n - 1},`);
  }
  expect(world.medulla.sessions.size).toBe(1);
  expect(world.waiting).toBe(0);
});
