import 'fake-indexeddb/auto';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { messagePort } from '../../src/protocol/port.ts';
import { socketServer, type TestServer, WELCOME } from './socket-server.ts';
import { hello, type TabEnd, tabEnd } from './tab-end.ts';

interface Scope {
  name: string;
  onconnect: ((event: { ports: readonly MessagePort[] }) => void) | undefined;
}

let server: TestServer;
const ports: MessagePort[] = [];

beforeEach(async () => {
  vi.spyOn(console, 'info').mockImplementation(() => undefined);
  server = await socketServer((socket) => socket.emit('welcome', WELCOME));
});

afterEach(async () => {
  for (const port of ports.splice(0)) port.close();
  await server.close();
  vi.unstubAllGlobals();
});

/** Evaluates the door as the script of a worker of this name. */
async function worker(name: string): Promise<Scope> {
  const scope: Scope = { name, onconnect: undefined };
  vi.stubGlobal('self', scope);
  vi.resetModules();
  await import('../../sw/shared-worker.ts');
  return scope;
}

function connect(scope: Scope): TabEnd {
  const { port1, port2 } = new MessageChannel();
  ports.push(port1, port2);
  scope.onconnect?.({ ports: [port2] });
  return tabEnd(messagePort(port1));
}

it('[HS5] gives each tab that connects to the worker a port of one hub', async () => {
  const scope = await worker(
    JSON.stringify({ user: 'ada', server: server.url, path: '/socket.io', slot: 0 }),
  );
  const tabs = [connect(scope), connect(scope)];
  for (const tab of tabs) tab.say(hello);
  const [one, two] = await Promise.all(tabs.map((tab) => tab.first('welcome')));
  expect(one?.boot).toBeDefined();
  expect(two?.boot).toBe(one?.boot);
});

it('[HS5] tells each tab, and logs, that a worker of another name cannot be a hub', async () => {
  const logged = vi.spyOn(console, 'error').mockImplementation(() => undefined);
  for (const name of ['', 'medulla', '{"user":"ada"}']) {
    const scope = await worker(name);
    const { code, message } = await connect(scope).first('failed');
    expect(code).toBe('bad-option');
    expect(message).toContain(JSON.stringify(name));
    expect((await connect(scope).first('failed')).message).toBe(message);
  }
  expect(logged).toHaveBeenCalledTimes(3);
});
