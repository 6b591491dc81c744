import { freePort } from '../../support/processes/free-port.ts';
import { Program } from './program.ts';

/** A real Redis that keeps nothing. Started again it is empty, on the same port. */
export class Redis {
  readonly port: number;
  readonly #folder: string;
  #it: Program | undefined;

  private constructor(port: number, folder: string) {
    this.port = port;
    this.#folder = folder;
  }

  static async open(folder: string): Promise<Redis> {
    const redis = new Redis(await freePort(), folder);
    await redis.start();
    return redis;
  }

  async start(): Promise<void> {
    const args = ['--port', `${this.port}`, '--bind', '127.0.0.1', '--save', '', '--dir', this.#folder];
    this.#it = await Program.start('redis', args, this.port);
  }

  async kill(): Promise<void> {
    await this.#it?.kill();
  }
}
