import type { RequestName } from '../../src/protocol/server-up.ts';
import { deferred } from './deferred.ts';
import type { ScriptedServer } from './scripted-server.ts';

/** The next request of this name is carried out at once, and answered when the returned function is called. */
export function holdAnswer(server: ScriptedServer, name: RequestName): () => void {
  const gate = deferred<void>();
  server.on(name, async (_request, next) => {
    const answer = next();
    server.on(name, null);
    await gate.promise;
    return answer;
  });
  return gate.resolve;
}
