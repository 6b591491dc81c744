import { fits, type Shape } from '../../../src/base/shape.ts';
import type { Hello, Link, LinkEnd, LinkListener } from '../../../src/hub/connection.ts';
import type { LiveChanges } from '../../../src/protocol/change.ts';
import { type ErrorCode, MedullaError } from '../../../src/protocol/errors.ts';
import { type Answers, answers, events, refusedAnswer } from '../../../src/protocol/server-down.ts';
import { type RequestName, type Requests, requests } from '../../../src/protocol/server-up.ts';
import { PROTOCOL } from '../../../src/protocol/version.ts';
import type { Dice } from '../../support/dice.ts';
import type { Network } from './network.ts';
import { isBreaker } from './poison-titles.ts';
import type { Process } from './process.ts';
import type { ServerSession } from './server-node.ts';
import { Wire } from './wire.ts';

interface Pending {
  readonly name: RequestName;
  readonly request: unknown;
  readonly resolve: (answer: never) => void;
  readonly reject: (error: unknown) => void;
}

const copied = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T;

/** One attempt to connect, and the link that it becomes: what Socket.IO over a bad line is to hub and server. */
export class SimLink implements Link {
  readonly device: string;
  readonly hub: Process;
  readonly #network: Network;
  readonly #dice: Dice;
  readonly #hello: Hello;
  readonly #listener: LinkListener;
  readonly #up: Wire;
  readonly #down: Wire;
  readonly #pending = new Map<number, Pending>();
  #requests = 0;
  #session: ServerSession | undefined;
  #closed = false;
  isMute = false;

  constructor(network: Network, hub: Process, hello: Hello, listener: LinkListener) {
    const { clock } = network.parts;
    const dice = network.diceFor(hub);
    this.#dice = dice;
    this.#network = network;
    this.device = hello.device;
    this.hub = hub;
    this.#hello = hello;
    this.#listener = listener;
    const base = dice.chance(0.2) ? dice.int(50, 900) : dice.int(2, 40);
    const delay = () => (dice.chance(0.02) ? base + dice.int(100, 3000) : base);
    this.#up = new Wire(clock, dice, delay);
    this.#down = new Wire(clock, dice, delay);
  }

  get under(): number {
    return this.#up.under + this.#down.under;
  }

  start(): void {
    const { clock } = this.#network.parts;
    const dice = this.#dice;
    this.#network.links.add(this);
    this.hub.atDeath(() => this.cut('the worker died', 0, dice.int(1, 300)));
    const reach = this.#network.reach(this.device);
    if (reach === 'swallows') this.cut('no answer', dice.int(20_000, 60_000), 0);
    else if (reach === 'fails') this.cut('unreachable', dice.int(1, 200), 0);
    else this.#up.send(() => this.#accept());
    clock.after(90_000, () => this.#session ?? this.cut('no answer', 0, 0));
  }

  request<K extends RequestName>(name: K, request: Requests[K]): Promise<Answers[K]> {
    const copy = copied(request);
    this.#check(`request ${name}`, requests[name], copy);
    if (this.#closed) return Promise.reject(new MedullaError('unreachable', 'the link has ended'));
    const id = this.#requests++;
    this.#up.send(() => this.#arrive(id, name, copy));
    return new Promise<Answers[K]>((resolve, reject) =>
      this.#pending.set(id, { name, request: copy, resolve, reject }),
    );
  }

  close(): void {
    this.cut('closed by the hub', 0, this.#dice.int(1, 100));
  }

  /** Ends it: all that is on its way is lost; each side hears of it later, the server not at all where it is gone. */
  cut(reason: string, hubHears: number, serverHears: number): void {
    this.#up.cut();
    this.#down.cut();
    const { clock } = this.#network.parts;
    const session = this.#session;
    this.#session = undefined;
    if (session) clock.after(serverHears, () => session.end());
    clock.after(hubHears, () => this.#end({ type: 'lost', reason }));
  }

  /** One direction goes dead in silence; after `ms` both sides find out. */
  mute(direction: 'up' | 'down', ms: number): void {
    this.isMute = true;
    (direction === 'up' ? this.#up : this.#down).cut();
    const { clock } = this.#network.parts;
    const dice = this.#dice;
    clock.after(ms, () => this.cut('silence', 0, dice.int(0, 20_000)));
  }

  #accept(): void {
    const dice = this.#dice;
    const { running } = this.#network;
    const server = running.length > 1 ? dice.pick(running) : running[0];
    if (!server) {
      this.cut('nobody listens', dice.int(1, 100), 0);
      return;
    }
    const { user, token, device } = this.#hello;
    const session = server.accept({
      handshake: { protocol: PROTOCOL, user, token, device },
      send: (name, message) => this.#unasked(name, copied(message)),
      refuse: ({ code, message }) =>
        this.#down.send(() => this.#end({ type: 'refused', code: code as ErrorCode, message })),
      dropped: (reason) => this.cut(reason, dice.int(1, 200), 0),
    });
    if (this.#closed) session.end();
    else this.#session = session;
  }

  #arrive(id: number, name: RequestName, request: unknown): void {
    const session = this.#session;
    const { tap, story, options } = this.#network.parts;
    const dice = this.#dice;
    const broken = options.request;
    tap.request(this.hub, name, request);
    if (
      name === 'push' &&
      (request as Requests['push']).mutations.some(({ mutation }) => isBreaker(mutation))
    ) {
      story.tell('network', `breaks the connection of ${this.hub.name} over what it was sent`);
      this.cut('broken by what was sent', dice.int(0, 300), dice.int(0, 300));
      return;
    }
    session?.handle(name, broken ? broken(name, copied(request)) : copied(request), (answer) => {
      const copy = copied(answer);
      if (name === 'push' && this.#session && dice.chance(this.#network.loseAnswers)) {
        story.tell('network', `loses the answer to a push of ${this.hub.name} and cuts`);
        return this.cut('lost an answer', dice.int(0, 500), dice.int(0, 30_000));
      }
      this.#down.send(() => this.#answer(id, copy));
    });
  }

  #answer(id: number, answer: unknown): void {
    const pending = this.#pending.get(id);
    this.#pending.delete(id);
    if (!pending || this.hub.dead) return;
    const { tap } = this.#network.parts;
    const { name } = pending;
    if (fits(refusedAnswer, answer)) {
      const { code, message } = answer.refused;
      tap.refused(this.hub, name, code, message);
      this.hub.enter(() => pending.reject(new MedullaError(code as ErrorCode, message)));
      return;
    }
    this.#check(`answer to ${name}`, answers[name], answer);
    tap.answer(this.hub, name, pending.request, answer);
    this.hub.enter(() => pending.resolve(answer as never));
  }

  #unasked(name: string, message: unknown): void {
    this.#down.send(() => {
      if (!Object.hasOwn(events, name)) return this.#check(`event ${name}`, events.denied, undefined);
      const known = name as keyof typeof events;
      this.#check(`event ${name}`, events[known] as Shape<unknown>, message);
      const broken = this.#network.parts.options.changes;
      this.hub.enter(() => {
        if (this.#closed) return;
        this.#network.parts.tap.heard(this.hub, name, message);
        if (known === 'welcome') this.#listener.opened(message as never);
        else if (known === 'changes' && broken) this.#listener.event(known, broken(message as LiveChanges));
        else this.#listener.event(known, message as never);
      });
    });
  }

  #end(end: LinkEnd): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#up.cut();
    this.#down.cut();
    this.#network.links.delete(this);
    this.#session?.end();
    this.#session = undefined;
    this.hub.enter(() => {
      for (const { reject } of this.#pending.values())
        reject(new MedullaError('unreachable', 'the link ended before the answer'));
      this.#pending.clear();
      this.#listener.closed(end);
    });
  }

  #check(what: string, shape: Shape<unknown>, value: unknown): void {
    const problem = shape.problem(value, '');
    if (problem) this.#network.parts.tap.malformed(what, problem, value);
  }
}
