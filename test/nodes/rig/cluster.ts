import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TcpProxy } from '../../support/browser/tcp-proxy.ts';
import { type Postgres, startPostgres } from '../../support/postgres/start-postgres.ts';
import { freePort } from '../../support/processes/free-port.ts';
import { startHaproxy } from './haproxy.ts';
import { NodeProcess } from './node-process.ts';
import { Redis } from './redis.ts';

export interface ClusterOptions {
  readonly nodes: number;
  readonly adapter: 'redis' | 'postgres';
  readonly store: 'postgres' | 'sqlite';
}

/**
 * Nodes over one database, joined by a broker and behind a load balancer; all real, each in a process of its own.
 *
 *   clients ─▶ haproxy ─┬─▶ node ─┬─▶ database
 *                       ├─▶ node ─┤
 *                       └─▶ node ─┴─▶ a line of its own ─▶ broker
 */
export class Cluster {
  readonly nodes: readonly NodeProcess[];
  /** Each node's line to the broker, to be cut. */
  readonly lines: readonly TcpProxy[];
  /** Undefined where the database is the broker. */
  readonly redis: Redis | undefined;
  /** Where clients connect. */
  readonly url: string;
  readonly #ends: readonly (() => unknown)[];

  private constructor(
    nodes: readonly NodeProcess[],
    lines: readonly TcpProxy[],
    redis: Redis | undefined,
    url: string,
    ends: readonly (() => unknown)[],
  ) {
    this.nodes = nodes;
    this.lines = lines;
    this.redis = redis;
    this.url = url;
    this.#ends = ends;
  }

  static async start({ nodes: count, adapter, store }: ClusterOptions): Promise<Cluster> {
    const folder = mkdtempSync(join(tmpdir(), 'medulla-nodes-'));
    const ends: (() => unknown)[] = [() => rmSync(folder, { recursive: true, force: true })];
    try {
      let postgres: Postgres | undefined;
      if (adapter === 'postgres' || store === 'postgres') {
        postgres = await startPostgres();
        ends.unshift(() => postgres?.end());
        if (adapter === 'postgres') await makeAttachments(postgres.url);
      }
      const redis = adapter === 'redis' ? await Redis.open(folder) : undefined;
      ends.unshift(() => redis?.kill());
      const nodes: NodeProcess[] = [];
      const lines: TcpProxy[] = [];
      for (let n = 0; n < count; n++) {
        const line = await TcpProxy.open(redis?.port ?? postgres?.port ?? 0);
        ends.unshift(() => line.close());
        lines.push(line);
        const broker = redis
          ? `redis://127.0.0.1:${line.port}`
          : `postgres://medulla@127.0.0.1:${line.port}/postgres`;
        const database = store === 'postgres' ? (postgres?.url ?? '') : join(folder, 'nodes.db');
        const node = new NodeProcess({ port: await freePort(), database, adapter, broker });
        await node.start();
        ends.unshift(() => node.kill());
        nodes.push(node);
      }
      const balancer = await startHaproxy(
        folder,
        nodes.map(({ settings }) => settings.port),
      );
      ends.unshift(() => balancer.kill());
      return new Cluster(nodes, lines, redis, `http://127.0.0.1:${balancer.port}`, ends);
    } catch (error) {
      for (const end of ends) await end();
      throw error;
    }
  }

  async end(): Promise<void> {
    for (const end of this.#ends) await end();
  }
}

/** What the Postgres adapter keeps messages of more than 8,000 bytes in, as its manual has it. */
async function makeAttachments(url: string): Promise<void> {
  const { Client } = (await import('pg')).default;
  const client = new Client({ connectionString: url });
  await client.connect();
  await client.query(`
    CREATE TABLE IF NOT EXISTS socket_io_attachments (
      id bigserial UNIQUE, created_at timestamptz DEFAULT NOW(), payload bytea)`);
  await client.end();
}
