import { type ChildProcess, spawn } from 'node:child_process';
import { connect } from 'node:net';
import { endChild } from '../../support/processes/end-child.ts';
import { findServer, type ServerName } from '../../tools/find-server.ts';

/** A server that is not ours, until it is killed. */
export class Program {
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess) {
    this.#child = child;
  }

  /** Resolves once it listens on the port. */
  static async start(name: ServerName, args: readonly string[], port: number): Promise<Program> {
    const found = findServer(name);
    if ('missing' in found) throw new Error(`There is no ${name}: ${found.missing}`);
    const child = spawn(found.programs[0] ?? name, args, { stdio: 'ignore' });
    const failed = new Promise<never>((_resolve, reject) => {
      child.once('error', reject);
      child.once('exit', (code) => reject(new Error(`${name} ended with ${code}`)));
    });
    failed.catch(() => undefined);
    await Promise.race([listening(port), failed]);
    return new Program(child);
  }

  /** As a power cut would. */
  kill(): Promise<void> {
    return endChild(this.#child);
  }
}

/** Resolves once somebody listens there; rejects where nobody does within ten seconds. */
async function listening(port: number): Promise<void> {
  for (const end = Date.now() + 10_000; Date.now() < end; ) {
    const socket = connect(port, '127.0.0.1');
    const isOpen = await new Promise<boolean>((resolve) => {
      socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    });
    socket.destroy();
    if (isOpen) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`Nobody listens on port ${port}`);
}
