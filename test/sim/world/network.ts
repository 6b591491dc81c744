import type { Clock } from '../../../src/base/clock.ts';
import type { Connection } from '../../../src/hub/connection.ts';
import type { Dice } from '../../support/dice.ts';
import type { Process } from './process.ts';
import type { ServerNode } from './server-node.ts';
import { SimLink } from './sim-link.ts';
import type { Story } from './story.ts';
import type { WorldOptions } from './world.ts';

/** `fails`: an attempt is refused at once; `swallows`: it gets no answer at all. */
export type Reach = 'good' | 'fails' | 'swallows';

/** What the network tells those who watch, on arrival at the end named. */
export interface NetworkTap {
  request(hub: Process, name: string, request: unknown): void;
  answer(hub: Process, name: string, request: unknown, answer: unknown): void;
  /** What the server told unasked. */
  heard(hub: Process, name: string, message: unknown): void;
  refused(hub: Process, name: string, code: string, message: string): void;
  /** Something that does not fit the protocol's shapes. */
  malformed(what: string, problem: string, value: unknown): void;
}

export interface NetworkParts {
  readonly clock: Clock;
  readonly dice: Dice;
  readonly story: Story;
  readonly tap: NetworkTap;
  readonly options: Pick<WorldOptions, 'changes' | 'request'>;
}

/** The network between all devices and the server. Each device reaches it, or not; each link has its own delays. */
export class Network {
  readonly parts: NetworkParts;
  readonly links = new Set<SimLink>();
  /** Those that live, all over one database. One that stands still lives too. */
  servers: ServerNode[] = [];
  /** How likely it is that the answer to a push that arrived is lost with its socket. */
  loseAnswers = 0;
  readonly #made = new Map<Process, number>();
  readonly #reach = new Map<string, Reach>();

  constructor(parts: NetworkParts) {
    this.parts = parts;
  }

  /** Each link has dice of its own. */
  diceFor(hub: Process): Dice {
    const n = (this.#made.get(hub) ?? 0) + 1;
    this.#made.set(hub, n);
    return this.parts.dice.fork(`${hub.name} ${n}`);
  }

  get running(): ServerNode[] {
    return this.servers.filter(({ process }) => process.running);
  }

  killServers(): void {
    for (const server of this.servers) server.kill();
  }

  reach(device: string): Reach {
    return this.#reach.get(device) ?? 'good';
  }

  /** Changes what new attempts of a device meet; links that are open are another matter: cut them. */
  setReach(device: string, reach: Reach): void {
    this.#reach.set(device, reach);
  }

  linksOf(device: string): SimLink[] {
    return [...this.links].filter((link) => link.device === device);
  }

  /** Messages on their way over all links. */
  get under(): number {
    let sum = 0;
    for (const link of this.links) sum += link.under;
    return sum;
  }

  connection(hub: Process): Connection {
    return {
      connect: (hello, listener) => {
        const link = new SimLink(this, hub, hello, listener);
        link.start();
        return link;
      },
    };
  }
}
