import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from '../../support/processes/free-port.ts';
import { Program } from './program.ts';

/** The load balancer's configuration, as README's run book has it. */
const configuration = (port: number, nodes: readonly number[]) => `
defaults
  mode http
  timeout connect 2s
  timeout client 60s
  timeout server 60s
  timeout tunnel 1h
  option redispatch

frontend medulla
  bind 127.0.0.1:${port}
  default_backend nodes

backend nodes
  balance leastconn
  option httpchk GET /medulla/health
  cookie node insert indirect nocache httponly
  default-server check inter 500ms fall 2 rise 1 on-marked-down shutdown-sessions
${nodes.map((node, n) => `  server n${n} 127.0.0.1:${node} cookie n${n}`).join('\n')}
`;

/** A real haproxy before the nodes: a WebSocket goes to whichever has the fewest, polling stays where it began. */
export async function startHaproxy(folder: string, nodes: readonly number[]) {
  const port = await freePort();
  const file = join(folder, 'haproxy.cfg');
  writeFileSync(file, configuration(port, nodes));
  const it = await Program.start('haproxy', ['-f', file, '-db'], port);
  return { port, kill: () => it.kill() };
}
