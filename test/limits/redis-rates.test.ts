import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis as Client } from 'ioredis';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { ServerOptions } from '../../src/server.ts';
import { Redis } from '../nodes/rig/redis.ts';
import { sent } from '../server/support/fake-peer.ts';
import { LiveServer } from '../server/support/live-server.ts';
import { findServer } from '../tools/find-server.ts';

const found = findServer('redis');
if ('missing' in found) console.log(`Rates over many nodes are not tested, without redis: ${found.missing}`);

describe.skipIf('missing' in found)('rates in Redis', () => {
  let folder: string;
  let redis: Redis;
  let client: Client;
  const servers: LiveServer[] = [];

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'medulla-rates-'));
    redis = await Redis.open(folder);
  });
  afterEach(async () => {
    for (const server of servers.splice(0)) await server.end();
    client.disconnect();
  });
  afterAll(async () => {
    await redis.kill();
    rmSync(folder, { recursive: true });
  });

  /** A node whose users have ten writes in a long time, and a socket of such a user. */
  async function node(options: Partial<ServerOptions> = {}) {
    const rates = { writes: { count: 10, seconds: 1_000 }, redis: client };
    const server = await LiveServer.start({ rates, ...options });
    servers.push(server);
    server.medulla.resource('/tasks', { public: true });
    const { socket } = await server.connect('ann');
    return async (from: number, to: number) => {
      const mutations = Array.from({ length: to - from + 1 }, (_, n) =>
        sent(`a:${from + n}`, { user: 'ann', record: `r${from + n}` }),
      );
      const { receipts } = await socket.emitWithAck('push', { user: 'ann', mutations });
      return receipts.map(({ type }: { type: string }) => type);
    };
  }

  /** Errors are no end of it: it tries again by itself. */
  const heard = (event: string) => new Promise((resolve) => client.once(event, resolve));

  async function connected(): Promise<void> {
    client = new Client(redis.port, '127.0.0.1');
    client.on('error', () => undefined); // its state says it
    await heard('ready');
  }

  it('[LI17] count what a user does on all nodes together', async () => {
    await connected();
    const [one, other] = [await node(), await node()];
    expect(await one(1, 7)).toEqual(Array(7).fill('applied'));
    expect(await other(8, 14)).toEqual([...Array(3).fill('applied'), ...Array(4).fill('retry')]);
    expect(await one(15, 15)).toEqual(['retry']);
  });

  it('[LI17] are counted by each node while Redis is gone, which the log says once', async () => {
    await connected();
    await client.flushall();
    const logged: string[] = [];
    const log: ServerOptions['log'] = (level, event) => {
      if (level === 'error') logged.push(event);
    };
    const [one, other] = [await node({ log }), await node()];
    expect(await one(1, 10)).toEqual(Array(10).fill('applied'));
    const gone = heard('close');
    await redis.kill();
    await gone;
    expect(await one(11, 21)).toEqual([...Array(10).fill('applied'), 'retry']);
    expect(await other(22, 22)).toEqual(['applied']);
    expect(await one(22, 22)).toEqual(['retry']);
    expect(logged).toEqual(['rate-not-shared']);
    const back = heard('ready');
    await redis.start();
    await back;
    expect(await one(22, 23)).toEqual(['applied', 'applied']);
  });
});
