import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';

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

  /** The processes of this name that it has started, and those have; from /proc, so on Linux alone. */
  running(name: string): number[] {
    return readdirSync('/proc')
      .filter((entry) => /^\d+$/.test(entry))
      .filter((pid) => {
        // pid (name) state parent group …; the name is cut after 15 characters.
        const [, called = '', group] = statOf(pid).match(/\((.*)\) \S+ \S+ (\S+)/) ?? [];
        return Number(group) === this.child.pid && called === name.slice(0, 15);
      })
      .map(Number);
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

function statOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8');
  } catch {
    return ''; // it has ended meanwhile
  }
}
