import type { Nodes } from '../publish/nodes.ts';

/** What is used of a namespace of Socket.IO's. */
export interface SpaceLike {
  readonly adapter: object;
  serverSideEmit(event: string, ...args: unknown[]): unknown;
  on(event: string, fn: (message: unknown) => void): unknown;
}

/** The name of what nodes tell each other. */
const RUNS = 'medulla:runs';

/** The other nodes by Socket.IO's adapter, whichever it is: Redis Streams, Postgres, cluster. It may be set later. */
export function socketNodes(space: SpaceLike): Nodes {
  let known: { readonly adapter: object; readonly isAlone: boolean } | null = null;
  return {
    get isAlone() {
      const { adapter } = space;
      if (known?.adapter !== adapter) known = { adapter, isAlone: !reachesOthers(adapter) };
      return known.isAlone;
    },
    tell: (runs) => void space.serverSideEmit(RUNS, runs),
    hear: (fn) => void space.on(RUNS, fn),
  };
}

/** Socket.IO's own adapter has a `serverSideEmit` that does nothing but warn; those for many nodes put theirs before it. */
function reachesOthers(adapter: object): boolean {
  let found = 0;
  for (let at: object | null = adapter; at; at = Object.getPrototypeOf(at))
    if (Object.hasOwn(at, 'serverSideEmit')) found++;
  return found > 1;
}
