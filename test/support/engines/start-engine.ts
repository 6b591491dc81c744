import { unreachable } from '../../../src/base/assert.ts';
import { ChromiumEngine } from './chromium-engine.ts';
import type { Engine, EngineName } from './engine.ts';
import { FirefoxEngine } from './firefox-engine.ts';
import { WebKitEngine } from './webkit-engine.ts';

/** Starts an engine from the programs that were found for it. */
export function startEngine(name: EngineName, programs: readonly string[]): Promise<Engine> {
  const [first = '', second = '', third = ''] = programs;
  switch (name) {
    case 'chromium':
      return ChromiumEngine.start();
    case 'firefox':
      return FirefoxEngine.start(first);
    case 'webkit':
      return WebKitEngine.start({ driver: first, browser: second, display: third });
    default:
      return unreachable(name);
  }
}
