import type { BrowserContext, Page } from 'playwright-core';
import { ChromiumEngine } from '../engines/chromium-engine.ts';
import type { Wake } from '../engines/engine.ts';
import type { Devtools } from './devtools.ts';
import { EngineWorld, type WorldOptions, type WorldParts, worldParts } from './engine-world.ts';

/** A world with a Chromium of its own, and what only that one can do. */
export class World extends EngineWorld<Page> {
  readonly #engine: ChromiumEngine;

  private constructor(parts: WorldParts<Page>, engine: ChromiumEngine) {
    super(parts);
    this.#engine = engine;
  }

  static async open(options: WorldOptions = {}): Promise<World> {
    const engine = await ChromiumEngine.start();
    return new World(await worldParts(engine, options), engine);
  }

  get devtools(): Devtools {
    return this.#engine.devtools;
  }

  get context(): BrowserContext {
    return this.#engine.context;
  }

  crashBrowser(): Promise<void> {
    return this.#engine.crash();
  }

  freeze(page: Page): Promise<Wake> {
    return this.#engine.freeze(page);
  }

  stop(page: Page): Promise<Wake> {
    return this.#engine.stop(page);
  }

  override async close(): Promise<void> {
    await this.#engine.close();
    await super.close();
  }
}
