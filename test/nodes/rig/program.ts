import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { endChild } from '../../support/processes/end-child.ts';
import { until } from '../../support/until.ts';
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
    await Promise.race([until(`somebody listens on port ${port}`, () => isListening(port), 10_000), failed]);
    return new Program(child);
  }

  /** As a power cut would. */
  kill(): Promise<void> {
    return endChild(this.#child);
  }
}

/** Whether somebody listens there. */
async function isListening(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}
