import type { Nodes } from '../../../src/server/publish/nodes.ts';
import type { Run } from '../../../src/server/publish/run.ts';
import type { Dice } from '../../support/dice.ts';
import type { Process } from './process.ts';

interface Member {
  readonly process: Process;
  readonly hear: (message: unknown) => void;
}

/** What carries between the nodes of one world what they tell each other: late, in another order, or not at all. */
export class SimBroker {
  /** How likely it is that a message is lost. */
  loss = 0.02;
  /** Nodes that reach nobody through it; `all`: it is down. */
  readonly apart = new Set<Process | 'all'>();
  readonly #dice: Dice;
  readonly #members = new Set<Member>();

  constructor(dice: Dice) {
    this.#dice = dice;
  }

  heal(): void {
    this.apart.clear();
  }

  /** A node's place at it. What that has been told when it dies is lost with it. */
  join(process: Process): Nodes {
    return {
      isAlone: false,
      tell: (runs) => {
        const text = JSON.stringify(runs);
        for (const member of this.#members)
          if (member.process !== process) this.#carry(process, member, text);
      },
      hear: (hear) => {
        const member = { process, hear };
        this.#members.add(member);
        process.atDeath(() => this.#members.delete(member));
      },
    };
  }

  #carry(from: Process, { process, hear }: Member, text: string): void {
    const dice = this.#dice;
    if (this.#isApart(from) || this.#isApart(process) || dice.chance(this.loss)) return;
    const ms = dice.chance(0.1) ? dice.int(20, 700) : dice.int(0, 15);
    process.clock.after(ms, () => {
      if (!this.#isApart(process)) hear(JSON.parse(text) as Run[]);
    });
  }

  #isApart(process: Process): boolean {
    return this.apart.has('all') || this.apart.has(process);
  }
}
