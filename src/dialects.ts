/** The door that is only opened where a dialect is chosen: the servers that are no Medulla, and how each is spoken to. */
import type { MakeDialect } from './hub/adapters/late-connection.ts';
import { dialectConnection } from './hub/dialects/dialect-connection.ts';
import { idNameOf } from './hub/dialects/link-parts.ts';
import { restWire } from './hub/dialects/rest/rest-wire.ts';
import { backboneIoWire } from './hub/dialects/sockets/backboneio-wire.ts';
import { eventsWire } from './hub/dialects/sockets/events-wire.ts';
import { signatureWire } from './hub/dialects/sockets/signature-wire.ts';
import { webSocketWire } from './hub/dialects/sockets/websocket-wire.ts';
import type { Wire } from './hub/dialects/wire.ts';
import type { WireParts } from './hub/dialects/wire-parts.ts';
import { MedullaError } from './protocol/errors.ts';

const WIRES: Readonly<Record<string, (parts: WireParts) => Wire>> = {
  backboneio: backboneIoWire,
  events: eventsWire,
  rest: restWire,
  signature: signatureWire,
  websocket: webSocketWire,
};

/** The connection that speaks this dialect. */
export const makeDialect: MakeDialect = (dialect, context) => {
  const { name } = dialect;
  const idAttribute = readIdAttribute(dialect.idAttribute);
  const wire = Object.hasOwn(WIRES, name) ? WIRES[name] : undefined;
  if (!wire)
    throw new MedullaError(
      'bad-option',
      `There is no dialect '${name}': there are ${Object.keys(WIRES).join(', ')}`,
    );
  const parts: WireParts = {
    ...context,
    options: dialect,
    idName: (topic) => idNameOf({ idAttribute }, topic),
    fetch: fetch.bind(globalThis),
    WebSocket,
  };
  return dialectConnection({ ...context, wire: wire(parts), idAttribute });
};

/** What records call their id: one name, or one for each topic that has another than 'id'. */
function readIdAttribute(given: unknown): string | Record<string, string> | undefined {
  if (given === undefined || typeof given === 'string') return given;
  const isTable =
    typeof given === 'object' && given && Object.values(given).every((name) => typeof name === 'string');
  if (!isTable) throw new MedullaError('bad-option', 'dialect.idAttribute is a name, or one for each topic');
  return given as Record<string, string>;
}
