import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { once } from 'node:events';

/** A program and all that it starts, which end together: also when this process ends before it said so. */
export class OwnProcess {
  readonly child: ChildProcess;
  readonly #exit: Promise<unknown>;
  readonly #kill = () => this.#signal('SIGKILL');

  constructor(program: string, args: readonly string[], options: SpawnOptions) {
    // A group of its own, so that one signal reaches what it starts.
    this.child = spawn(program, args, { ...options, detached: true });
    this.#exit = once(this.child, 'exit').catch(() => undefined);
    process.once('exit', this.#kill);
  }

  get ended(): boolean {
    return this.child.exitCode !== null || this.child.signalCode !== null;
  }

  /** Idempotent. */
  async end(): Promise<void> {
    process.removeListener('exit', this.#kill);
    this.#signal('SIGKILL');
    await this.#exit;
  }

  #signal(signal: NodeJS.Signals): void {
    try {
      if (this.child.pid) process.kill(-this.child.pid, signal);
    } catch {} // the whole group is gone
  }
}
