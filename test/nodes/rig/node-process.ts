import type { ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { endChild } from '../../support/processes/end-child.ts';
import { forkChild } from '../../support/processes/fork-child.ts';

/** What a node's process is told. */
export interface NodeSettings {
  readonly port: number;
  /** SQLite's file, or the url of a Postgres database. */
  readonly database: string;
  readonly adapter: 'redis' | 'postgres';
  /** The url at which this node reaches what the adapter goes over. */
  readonly broker: string;
}

/** A node in a process of its own, that a test can kill and start again. */
export class NodeProcess {
  readonly settings: NodeSettings;
  #child: ChildProcess | undefined;
  /** How it ended where nobody killed it. */
  died: string | undefined;

  constructor(settings: NodeSettings) {
    this.settings = settings;
  }

  async start(): Promise<void> {
    const { child, said } = forkChild(join(import.meta.dirname, '..', 'node.ts'), this.settings);
    this.#child = child;
    child.on('exit', (code, signal) => {
      if (this.#child === child) this.died = `node ${this.settings.port} ended by itself: ${code ?? signal}`;
    });
    await said;
  }

  /** What it has delivered, by `/medulla/metrics`; it begins anew with each life. */
  async delivered(): Promise<Readonly<Record<string, number>>> {
    const answer = await fetch(`http://127.0.0.1:${this.settings.port}/medulla/metrics`);
    const lines = (await answer.text()).matchAll(/^medulla_delivery_total\{what="(\w+)"\} (\d+)$/gm);
    return Object.fromEntries([...lines].map(([, what, count]) => [what, Number(count)]));
  }

  /** As a power cut would. */
  async kill(): Promise<void> {
    const child = this.#child;
    this.#child = undefined;
    await endChild(child);
  }

  /** It stands still, as a machine whose disk hangs; or goes on. */
  freeze(): void {
    this.#child?.kill('SIGSTOP');
  }

  thaw(): void {
    this.#child?.kill('SIGCONT');
  }
}
