import { execFileSync } from 'node:child_process';

/** A git checkout of Backbone, or a bare repository: what it holds under its tags. */
export class Checkout {
  readonly #path: string;

  /** Throws where there is no repository. */
  constructor(path: string) {
    this.#path = path;
    this.#git('rev-parse', '--git-dir');
  }

  /** A file as it was at the tag; undefined where there was none. */
  file(tag: string, path: string): Buffer | undefined {
    try {
      return this.#git('show', `${tag}:${path}`);
    } catch {
      return undefined;
    }
  }

  #git(...args: string[]): Buffer {
    const stdio: 'pipe'[] = ['pipe', 'pipe', 'pipe'];
    return execFileSync('git', ['-C', this.#path, ...args], { stdio, maxBuffer: 64 * 1024 * 1024 });
  }
}
