import { expect, onTestFinished } from 'vitest';
import { systemClock } from '../../src/base/clock.ts';
import { systemRandom } from '../../src/base/random.ts';
import { openSocket } from '../../src/hub/adapters/socket-connection.ts';
import type { Wire } from '../../src/hub/dialects/wire.ts';
import type { WireParts } from '../../src/hub/dialects/wire-parts.ts';
import type { Attributes } from '../../src/protocol/attributes.ts';
import type { DialectServer } from '../conformance/dialects/dialect-server.ts';
import { openWire, type RecordedWire } from './wire-recorder.ts';

/** A server that has started, and is stopped after the test. */
export async function served<S extends DialectServer>(server: S): Promise<S> {
  await server.start();
  onTestFinished(() => server.stop());
  return server;
}

/** What a wire is made of, for this server. */
export function partsFor(server: { readonly url: string }, options: Attributes = {}): WireParts {
  return {
    options: { ...options, name: 'test' },
    server: server.url,
    path: '/socket.io',
    origin: server.url,
    idName: () => 'id',
    clock: systemClock,
    random: systemRandom,
    log: () => undefined,
    fetch,
    WebSocket,
    openSocket,
  };
}

/** An open link that is closed after the test. */
export async function opened(wire: Wire): Promise<RecordedWire> {
  const open = await openWire(wire);
  onTestFinished(() => open.link.close());
  return open;
}

/** A write that the server refuses is rejected with its words. */
export async function expectRefused(server: DialectServer, { call }: RecordedWire): Promise<void> {
  server.refuse('No such title');
  const refused = { code: 'invalid', message: 'No such title' };
  await expect(call({ method: 'create', attrs: {} })).rejects.toMatchObject(refused);
}

/** A write whose answer is lost with the link is rejected, and so is what comes after. */
export async function expectLost(server: DialectServer, { call, closed }: RecordedWire): Promise<void> {
  server.loseAnswer();
  await expect(call({ method: 'create', attrs: {} })).rejects.toMatchObject({ code: 'unreachable' });
  expect(await closed).toMatchObject({ type: 'lost' });
  await expect(call({ method: 'read' })).rejects.toMatchObject({ code: 'unreachable' });
}
