/** One of several nodes over one database: a process of its own, so that a test can kill it. */
import { createServer as createHttpServer } from 'node:http';
import { createAdapter as postgresAdapter } from '@socket.io/postgres-adapter';
import { createAdapter as redisAdapter } from '@socket.io/redis-streams-adapter';
import { Redis } from 'ioredis';
import { Pool } from 'pg';
import { createServer, postgresStore, sqliteStore } from '../../src/server.ts';
import type { NodeSettings } from './rig/node-process.ts';

const settings: NodeSettings = JSON.parse(process.argv[2] ?? '{}');

function adapterOf({ adapter, broker }: NodeSettings) {
  if (adapter === 'postgres') return postgresAdapter(poolOf(broker));
  // Without a limit of tries: what could not be said is said late, and is no rejection that nobody awaits.
  const redis = new Redis(broker, { maxRetriesPerRequest: null });
  redis.on('error', () => undefined);
  return redisAdapter(redis);
}

/** A connection that is lost while it listens is an error of its own. */
function poolOf(connectionString: string): Pool {
  const pool = new Pool({ connectionString });
  pool.on('error', () => undefined);
  pool.on('connect', (client) => void client.on('error', () => undefined));
  return pool;
}

const http = createHttpServer();
const medulla = createServer(http, {
  store: settings.database.startsWith('postgres')
    ? postgresStore(poolOf(settings.database))
    : sqliteStore(settings.database),
  adapter: adapterOf(settings),
  authenticate: ({ user }) => user,
  assets: false,
  metrics: true,
  log(level, event, details) {
    if (level === 'error') console.error(settings.port, event, details);
  },
});
medulla.resource('/work/:part', { public: true });

process.on('disconnect', () => process.exit());
http.listen(settings.port, '127.0.0.1', () => process.send?.('listening'));
