import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';

/** Resolves once it is gone; by default it ends as in a power cut. */
export async function endChild(
  child: ChildProcess | undefined,
  signal: NodeJS.Signals = 'SIGKILL',
): Promise<void> {
  if (!child || child.exitCode !== null || child.signalCode !== null) return;
  const exit = once(child, 'exit');
  child.kill(signal);
  await exit;
}
