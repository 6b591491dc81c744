import type Backbone from 'backbone';
import { createMedulla, type Medulla } from '../../../src/client/create-medulla.ts';
import type { Dice } from '../../support/dice.ts';
import { freshBackbone } from '../../support/fresh-backbone.ts';
import type { Device } from './device.ts';
import { Process } from './process.ts';
import { SHARES } from './rights.ts';
import { type Heard, Typing } from './typing.ts';
import type { World } from './world.ts';

/** A request that a tab made, and whether it has been answered. */
export interface Asked {
  readonly what: string;
  answers: number;
  outcome: string;
}

interface Answered {
  readonly xhr: { readonly status: number; readonly responseJSON?: { readonly code?: string } };
}

export interface Callbacks {
  success(model: unknown, response: unknown, options: unknown): void;
  error(model: unknown, request: unknown, options: unknown): void;
}

/** A page of the application: followed collections, two of them of one topic, of a Backbone and a Medulla of its own. */
export class SimTab {
  readonly name: string;
  readonly device: Device;
  readonly process: Process;
  /** Of its page's script: one in ten comes out of a cache. */
  readonly version: number;
  readonly dice: Dice;
  readonly medulla: Medulla<typeof Backbone>;
  readonly collections: readonly Backbone.Collection[];
  readonly asked: Asked[] = [];
  readonly typing = new Typing();
  readonly #world: World;
  #lifecycle: { hide(): void; show(): void } | undefined;

  constructor(world: World, device: Device, n: number) {
    this.#world = world;
    this.device = device;
    this.name = `${device.name}.tab${n}`;
    this.process = new Process(this.name, world.clock);
    this.dice = world.dice.fork(this.name);
    this.version = world.version - (world.dice.fork(`${this.name} version`).chance(0.1) ? 1 : 0);
    device.opened(this.process);
    const backbone = freshBackbone();
    this.medulla = createMedulla(backbone, {
      host: device.host(this.process, this.version),
      locks: device.locks.for(this.process),
      clock: this.process.clock,
      random: this.dice.fork('ids').random,
      page: () => 'http://localhost/',
      log: world.log(this.name),
      user: device.user,
      auth: () => `token of ${device.user}`,
      lifecycle: {
        listen: (handlers) => {
          this.#lifecycle = handlers;
          if (this.dice.fork('visible').chance(0.5)) handlers.see(false);
        },
      },
      report: (error) =>
        world.ledger.check(
          'sound',
          false,
          () => `${this.name}: ${error instanceof Error ? error.stack : error}`,
        ),
    }).install();
    const own = `/users/${device.user}/notes`;
    const shares = world.hasShares ? [SHARES] : [];
    this.collections = ['/lists', '/cards', own, '/cards', '/sums', ...shares].map((url) => {
      const ids = url === '/lists' ? 'server' : 'client';
      const Class = backbone.Collection.extend({ url, ids, follow: true }) as new () => Backbone.Collection;
      return new Class();
    });
  }

  /** Where there are any. */
  get shares(): Backbone.Collection | undefined {
    return this.collections.find(({ url }) => url === SHARES);
  }

  /** All tabs of its device, this one too. */
  get siblings(): readonly SimTab[] {
    return this.#world.tabs.filter(({ device }) => device === this.device);
  }

  tell(what: string): void {
    this.#world.story.tell(this.name, what);
  }

  /** Hands what Backbone returned over to be watched: it has to be answered, once. */
  ask(what: string, call: (callbacks: Callbacks) => unknown, heard?: Heard): void {
    const asked: Asked = { what, answers: 0, outcome: 'no answer' };
    this.asked.push(asked);
    this.#world.story.tell(this.name, what);
    const done = (outcome: string, isDone: boolean, status: number) => {
      heard?.(isDone, status);
      asked.answers += 1;
      asked.outcome = outcome;
      this.#world.story.tell(this.name, `${outcome} ← ${what}`);
      this.#world.ledger.check(
        'settled',
        asked.answers === 1,
        () => `${this.name} was answered twice: ${what}`,
      );
    };
    const request = call({
      success: (_model, _response, options) => {
        const { status } = (options as Answered).xhr;
        done(`done ${status}`, true, status);
      },
      error: (_model, request) => {
        const { status, responseJSON } = request as Answered['xhr'];
        done(`error ${status} ${responseJSON?.code ?? ''}`, false, status);
      },
    });
    // A collection whose first fetch is taken back stays empty, as its application wanted it.
    const dice = this.dice.fork(what);
    if (!what.startsWith('fetches') && dice.chance(0.03)) this.#abortLater(request, what, dice);
  }

  #abortLater(request: unknown, what: string, dice: Dice): void {
    const { abort } = (request ?? {}) as { abort?: unknown };
    if (typeof abort !== 'function') return;
    this.process.clock.after(dice.int(0, 2_000), () => {
      this.tell(`aborts ${what}`);
      abort.call(request);
    });
  }

  crash(): void {
    this.process.kill();
  }

  /** The user closes it. */
  close(): void {
    this.medulla.close();
    this.process.clock.after(3, () => this.process.kill());
  }

  /** It goes into the back/forward cache, or is frozen with a warning, and comes back. */
  sleep(ms: number): void {
    this.#lifecycle?.hide();
    this.#world.clock.after(3, () => this.process.freeze());
    this.#world.clock.after(ms, () => this.wake());
  }

  wake(): void {
    this.process.thaw();
    if (this.process.running) this.#lifecycle?.show();
  }
}
