import { MedullaError } from '../../../src/protocol/errors.ts';
import type { UserId } from '../../../src/protocol/ids.ts';
import type { Handshake } from '../../../src/protocol/server-up.ts';
import type { Recheck } from '../../../src/server/admission/rechecks.ts';
import { createCore } from '../../../src/server/core.ts';
import type { Resource } from '../../../src/server/resource/resource.ts';
import type { Session } from '../../../src/server/session/session.ts';
import { appResources } from './app-resources.ts';
import { Process } from './process.ts';
import { simStore } from './sim-store.ts';
import type { World } from './world.ts';

export interface Caller {
  readonly handshake: Handshake;
  send(name: string, message: unknown): void;
  refuse(refusal: { readonly code: string; readonly message: string }): void;
  /** The server is gone. */
  dropped(reason: string): void;
}

/** A connection as the network sees the server's end of it. */
export interface ServerSession {
  handle(name: string, request: unknown, answered: (answer: unknown) => void): void;
  end(): void;
}

/** One life of the server. */
export interface ServerNode {
  readonly process: Process;
  /** A resource of it, to publish to. */
  readonly lists: Resource;
  readonly shares: Resource;
  recheck(whom: Recheck): Promise<void>;
  /** What was asked again then has been told. */
  settled(whom: Recheck, since: number): void;
  accept(caller: Caller): ServerSession;
  kill(): void;
}

/** Starts the server over the store that outlives it. */
export function startServer(world: World, n: number): ServerNode {
  const { clock, observer, options, story, faults } = world;
  const name = `server${n}`;
  const dice = world.dice.fork(name);
  const process = new Process(name, clock);
  const store = simStore({ store: world.store, process, clock, dice: dice.fork('store'), observer });
  story.tell(name, 'starts');
  const core = createCore({
    store,
    // Few, so that snapshots have pages, and pushes have followers.
    page: { rows: 4 },
    limits: { batch: dice.int(2, 20) },
    clock: process.clock,
    random: dice.fork('core').random,
    nodes: world.nodes > 1 ? world.broker.join(process) : undefined,
    turn: (fn) => void process.clock.after(dice.int(0, 2), fn),
    log: world.log(name),
    authenticate: ({ user, token }) =>
      !faults.unauthorized && token === `token of ${user}`
        ? { user, until: process.clock.now() + faults.tokenLife }
        : null,
  });
  const { lists, shares } = appResources(core, dice.fork('application'), world, process);
  /** Since when what a user may see is known here for sure. */
  const settled = new Map<UserId, number>();
  const started = clock.now();
  const callers = new Set<Caller>();

  function accept(caller: Caller): ServerSession {
    callers.add(caller);
    let session: Session | undefined;
    let ended = false;
    const { handshake } = caller;
    const { user } = handshake;
    const send = (event: string, message: unknown) => {
      if (process.dead) return;
      observer.sent({ node: name, user, name: event, since: settled.get(user) ?? started }, message);
      // A broadcast between nodes may be late, and overtaken by the next: who follows sees a gap.
      if (event !== 'changes' || !dice.chance(0.08)) caller.send(event, message);
      else process.clock.after(dice.int(5, 400), () => caller.send(event, message));
    };
    const close = () => caller.dropped('the server hung up');
    core.connect({ handshake, send, close }).then(
      (connected) => {
        session = connected;
        if (ended) void session.end();
      },
      (error: unknown) => {
        const { code, message } =
          error instanceof MedullaError ? error : { code: 'retry', message: String(error) };
        if (!process.dead) caller.refuse({ code, message });
      },
    );
    return {
      handle(request, message, answered) {
        if (process.dead) return;
        const asked = { node: name, user, name: request, request: message, since: clock.now() };
        void session?.handle(request, message).then((answer) => {
          if (!process.dead) observer.sent(asked, answer);
          process.enter(() => answered(answer));
        });
      },
      end() {
        callers.delete(caller);
        ended = true;
        process.enter(() => void session?.end());
      },
    };
  }

  return {
    process,
    lists,
    shares,
    recheck: options.recheck ?? ((whom) => core.recheck(whom)),
    settled({ user }, since) {
      for (const one of user === undefined ? world.users : [user as UserId]) settled.set(one, since);
    },
    accept,
    kill() {
      process.kill();
      for (const caller of callers) caller.dropped('the server died');
    },
  };
}
