import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { chmodSync, chownSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { findServer } from '../../tools/find-server.ts';
import { endChild } from '../processes/end-child.ts';
import { freePort } from '../processes/free-port.ts';

/** A PostgreSQL of the test's own, on 127.0.0.1. Everybody is the user `medulla`, and needs no password. */
export interface Postgres {
  readonly port: number;
  /** What `pg` connects to. */
  readonly url: string;
  /** What it has logged, line by line. */
  readonly log: readonly string[];
  /** Ends it where it stands, as a crash does; resolves once it is gone. */
  kill(): Promise<void>;
  /** Starts it again on the same files and port, which it then recovers. */
  restart(): Promise<void>;
  /** Ends it and deletes its files. */
  end(): Promise<void>;
}

/** Of PostgreSQL's own configuration. Without fsync a crash of the machine may lose something, and one of a process nothing. */
const SETTINGS = {
  fsync: 'off',
  max_connections: '200',
  shared_buffers: '64MB',
  log_min_messages: 'warning',
};

export async function startPostgres(settings: Readonly<Record<string, string>> = {}): Promise<Postgres> {
  const found = findServer('postgres');
  if ('missing' in found) throw new Error(`There is no PostgreSQL: ${found.missing}`);
  const [postgres = '', initdb = ''] = found.programs;
  const user = whoever();
  const folder = mkdtempSync(join(tmpdir(), 'medulla-postgres-'));
  if (user) chownSync(folder, user.uid, user.gid);
  chmodSync(folder, 0o700);
  const made = spawnSync(
    initdb,
    ['-D', folder, '-U', 'medulla', '--auth=trust', '--no-sync', '-E', 'UTF8', '--locale=C.UTF-8'],
    { ...user, cwd: folder, encoding: 'utf8' },
  );
  if (made.status !== 0) throw new Error(`initdb failed: ${made.stderr}`);
  const port = await freePort();
  const all = {
    ...SETTINGS,
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    port: `${port}`,
    ...settings,
  };
  const args = ['-D', folder, ...Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`])];
  const lines: string[] = [];
  const start = () =>
    started(lines, spawn(postgres, args, { ...user, cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] }));
  let process = await start();
  // To PostgreSQL this is the end of all its processes at once, with no checkpoint.
  const kill = () => endChild(process, 'SIGQUIT');
  return {
    port,
    url: `postgres://medulla@127.0.0.1:${port}/postgres`,
    log: lines,
    kill,
    async restart() {
      await kill();
      process = await start();
    },
    async end() {
      await kill();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** It refuses to be root's: Debian's package has made a user for it. */
function whoever(): { readonly uid: number; readonly gid: number } | undefined {
  if (globalThis.process.getuid?.() !== 0) return undefined;
  const id = (flag: string) => Number(spawnSync('id', [flag, 'postgres'], { encoding: 'utf8' }).stdout);
  return { uid: id('-u'), gid: id('-g') };
}

async function started(lines: string[], process: ChildProcess): Promise<ChildProcess> {
  if (!process.stderr) throw new Error('Its log is piped');
  const log = createInterface(process.stderr);
  await new Promise<void>((resolve, reject) => {
    log.on('line', (line) => {
      lines.push(line);
      if (line.includes('database system is ready to accept connections')) resolve();
    });
    process.once('error', reject);
    process.once('exit', () => reject(new Error(`PostgreSQL has not started: ${lines.join('\n')}`)));
  });
  return process;
}
