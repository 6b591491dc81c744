import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from '../../support/processes/free-port.ts';
import { Program } from './program.ts';

const manual = readFileSync(join(import.meta.dirname, '../../../README.md'), 'utf8');
const [, configuration = ''] = /```\n# haproxy\.cfg;.*\n([\s\S]*?)```/.exec(manual) ?? [];

/** The configuration of the manual's run book, with our ports, and a line for each of our nodes. */
function configured(port: number, nodes: readonly number[]): string {
  const [line = '', ...others] = configuration.match(/^ {2}server n\d .*\n/gm) ?? [];
  const lines = nodes.map((node, n) => line.replaceAll('n1', `n${n + 1}`).replace(/:\d+/, `:${node}`));
  return [line, ...others]
    .reduce((text, one, at) => text.replace(one, at ? '' : lines.join('')), configuration)
    .replace('bind :80', `bind 127.0.0.1:${port}`);
}

/** A real haproxy before the nodes: a WebSocket goes to whichever has the fewest, polling stays where it began. */
export async function startHaproxy(folder: string, nodes: readonly number[]) {
  const port = await freePort();
  const file = join(folder, 'haproxy.cfg');
  writeFileSync(file, configured(port, nodes));
  const it = await Program.start('haproxy', ['-f', file, '-db'], port);
  return { port, kill: () => it.kill() };
}
