import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { basename } from 'node:path';

export interface Forked {
  readonly child: ChildProcess;
  /** The first that it says; rejects where it ends before that. */
  readonly said: Promise<unknown>;
}

/** A script of ours in a process of its own, which gets the settings as its one argument. */
export function forkChild(script: string, settings: object): Forked {
  const child = fork(script, [JSON.stringify(settings)], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  const ended = once(child, 'exit').then(() => {
    throw new Error(`${basename(script)} ended before it said anything`);
  });
  return { child, said: Promise.race([once(child, 'message').then(([first]) => first), ended]) };
}
