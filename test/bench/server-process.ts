import { fileURLToPath } from 'node:url';
import { OrderedProcess } from './ordered-process.ts';
import type { ServerOrders } from './servers/child.ts';

/** A contestant's server in a process of its own. */
export type ServerProcess = OrderedProcess<ServerOrders>;

/** Starts it and answers where it listens. `execArgv` are options for Node. */
export async function startServer(name: string, execArgv: string[] = []) {
  const file = fileURLToPath(new URL('servers/child.ts', import.meta.url));
  const { process: server, said: port } = await OrderedProcess.start<ServerOrders>(file, [name], execArgv);
  return { server, origin: `http://127.0.0.1:${port}` };
}
