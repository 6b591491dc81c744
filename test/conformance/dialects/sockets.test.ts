import type { Attributes } from '../../../src/protocol/attributes.ts';
import { BackboneIoServer } from './backboneio-server.ts';
import { dialectContract } from './dialect-contract.ts';
import type { DialectServer, DialectUnderTest } from './dialect-server.ts';
import { EventsServer } from './events-server.ts';
import { connectionOf } from './rest-dialect.ts';
import { SignatureServer } from './signature-server.ts';
import { NativeServer } from './websocket-server.ts';

type Served = DialectServer & { readonly url: string };
type Knows = Partial<Pick<DialectUnderTest, 'tells' | 'patches' | 'once'>>;

function contract(
  dialect: Attributes & { readonly name: string },
  make: () => Served,
  knows: Knows = {},
): void {
  dialectContract({
    tells: true,
    patches: true,
    once: 'keyAttribute' in dialect,
    ...knows,
    name: JSON.stringify(dialect),
    async serve() {
      const server = make();
      await server.start();
      return server;
    },
    connection: (server, log) => connectionOf(dialect, (server as Served).url, log),
  });
}

const changes = { changePrefix: 'changed:' };
const keys = { keyAttribute: 'key' };

contract({ name: 'events', ...changes }, () => new EventsServer(changes));
contract({ name: 'events', ...changes, ...keys }, () => new EventsServer({ ...changes, ...keys }));
contract({ name: 'signature' }, () => new SignatureServer(), { tells: false, patches: false });
contract({ name: 'backboneio' }, () => new BackboneIoServer('tasks', 'notes'), { patches: false });
contract({ name: 'websocket' }, () => new NativeServer());
contract({ name: 'websocket', answers: 'order' }, () => new NativeServer({ echoes: false }));
