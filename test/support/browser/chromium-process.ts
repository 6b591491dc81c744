import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { findChromium } from '../../tools/find-chromium.ts';
import { until } from '../until.ts';

const FLAGS = [
  '--headless=new',
  '--no-sandbox',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-quic',
  '--disable-dev-shm-usage',
  '--disable-gpu',
  '--remote-debugging-port=0',
];

export interface ChromiumProcess {
  /** Of the DevTools protocol. */
  readonly endpoint: string;
  /** Idempotent. */
  close(signal: 'SIGTERM' | 'SIGKILL'): Promise<void>;
}

/**
 * A Chromium as its users have it: a profile on the disk, and tabs behind others are hidden, throttled and can be
 * frozen. (The one that Playwright launches keeps every tab visible and focused.)
 */
export async function startChromium(profile: string): Promise<ChromiumProcess> {
  rmSync(join(profile, 'DevToolsActivePort'), { force: true });
  const child = spawn(await findChromium(), [...FLAGS, `--user-data-dir=${profile}`, 'about:blank'], {
    stdio: 'ignore',
  });
  const exit = once(child, 'exit');
  const endpoint = await until('Chromium listens', () => {
    if (child.exitCode !== null) throw new Error(`Chromium ended with ${child.exitCode}`);
    return endpointIn(profile);
  });
  return {
    endpoint,
    async close(signal) {
      child.kill(signal);
      await exit;
    },
  };
}

function endpointIn(profile: string): string | undefined {
  try {
    const [port, path] = readFileSync(join(profile, 'DevToolsActivePort'), 'utf8').split('\n');
    return path && `ws://127.0.0.1:${port}${path}`;
  } catch {
    return undefined;
  }
}
