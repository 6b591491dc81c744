import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { endChild } from '../processes/end-child.ts';
import { forkChild } from '../processes/fork-child.ts';

/** What the child is told; `file` is SQLite's, or ':memory:'. */
export interface ServerSettings {
  readonly port: number;
  readonly file: string;
  /** The package's server in another build. */
  readonly module?: string;
}

/** A real Medulla server in a process of its own, that a test can kill. */
export class ServerProcess {
  readonly #script: string;
  #child: ChildProcess | undefined;
  port = 0;

  constructor(script = join(import.meta.dirname, 'medulla-server.ts')) {
    this.#script = script;
  }

  /** Starts it on the port that it had before, with this database. */
  async start(file: string, module?: string): Promise<void> {
    const settings: ServerSettings = { port: this.port, file, ...(module && { module }) };
    const { child, said } = forkChild(this.#script, settings);
    this.#child = child;
    this.port = Number(await said);
  }

  /** As a power cut would. */
  async kill(): Promise<void> {
    const child = this.#child;
    this.#child = undefined;
    await endChild(child);
  }

  /** Has the server itself make changes; resolves when they are committed. */
  async publish(order: Publish): Promise<void> {
    const child = this.#child;
    if (!child) throw new Error('There is no server to publish');
    child.send(order);
    await once(child, 'message');
  }
}

/** `count` updates, spread over the records named `0` to `records - 1` of `/cards`, each `size` characters big. */
export interface Publish {
  readonly count: number;
  readonly records: number;
  readonly size: number;
}
