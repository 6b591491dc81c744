/** The SharedWorker's door: a hub for the configuration that is the worker's name, and a port of it for each tab. */
import { consoleLog } from '../src/base/console-log.ts';
import { browserHub } from '../src/hub/adapters/browser-hub.ts';
import { messagePort, type Port } from '../src/protocol/port.ts';
import type { TabDown } from '../src/protocol/tab-down.ts';

const scope = self as unknown as SharedWorkerGlobalScope;
const attach = opened();

// While this script is evaluated: a tab that connects before there is a listener would never be heard.
scope.onconnect = ({ ports: [port] }) => {
  if (port) attach(messagePort(port, consoleLog));
};

function opened(): (port: Port) => void {
  try {
    const hub = browserHub(JSON.parse(scope.name), {
      locks: navigator.locks,
      log: consoleLog,
      dialects: async () => (await import('../src/dialects.ts')).makeDialect,
    });
    return (port) => hub.attach(port);
  } catch (error) {
    // An error thrown here would reach no tab: each is told instead.
    const message = `Cannot start a hub in the worker named ${JSON.stringify(scope.name)}: ${String(error)}`;
    consoleLog('error', 'hub-not-started', { message });
    return (port) => port.post({ type: 'failed', code: 'bad-option', message } satisfies TabDown);
  }
}
