import { RawChromium, type RawChromiumTab } from '../engines/raw-chromium.ts';
import { EngineWorld, type WorldOptions, worldParts } from './engine-world.ts';

/** A world with a Chromium of its own that no test tool has a hand in. */
export class RawWorld extends EngineWorld<RawChromiumTab> {
  static async open(options: WorldOptions = {}): Promise<RawWorld> {
    const engine = await RawChromium.start();
    return new RawWorld(await worldParts(engine, options));
  }

  override async close(): Promise<void> {
    await this.engine.close();
    await super.close();
  }
}
