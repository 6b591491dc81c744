import { connect, type Socket } from 'node:net';
import { Frames, framed } from './frames.ts';

const code = (char: string) => char.charCodeAt(0);
const [SLASH, COMMA, BRACKET] = [code('/'), code(','), code('[')];
const [ZERO, TWO, THREE, FOUR] = [code('0'), code('2'), code('3'), code('4')];

const KEY = 'bWVkdWxsYS1iZW5jaC0xNg==';
const UPGRADE = (port: number) =>
  `GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nConnection: Upgrade\r\n` +
  `Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${KEY}\r\n\r\n`;

interface Entered {
  readonly resolve: (it: LeanSocket) => void;
  readonly reject: (error: Error) => void;
}

/** Where and as whom a client connects. */
export interface Entrance {
  readonly port: number;
  /** '' is the main namespace. */
  readonly space: string;
  readonly auth: unknown;
}

/**
 * A Socket.IO client that says what it has to by itself and looks at hardly a byte of what it hears, so that a
 * thousand of them cost less than the server that they are to keep busy.
 */
export class LeanSocket {
  /** How many changes it has heard: events that are named like a topic. */
  changes = 0;
  /** Gets the text of each change; null = nobody reads them. */
  hear: ((text: string) => void) | null = null;
  readonly #socket: Socket;
  readonly #space: string;
  readonly #hello: string;
  /** Where an event's name begins. */
  readonly #name: number;
  readonly #frames = new Frames((bytes, start, end) => this.#take(bytes, start, end));
  readonly #answers = new Map<number, (text: string) => void>();
  readonly #heard: () => void;
  readonly #entered: Entered;
  #last = 0;
  #isUpgraded = false;

  private constructor({ port, space, auth }: Entrance, heard: () => void, entered: Entered) {
    this.#heard = heard;
    this.#space = space && `${space},`;
    this.#name = `42${this.#space}["`.length;
    this.#entered = entered;
    this.#socket = connect(port, '127.0.0.1');
    this.#socket.setNoDelay(true);
    this.#socket.on('data', (chunk: Buffer) => this.#add(chunk));
    this.#socket.on('error', (error) => entered.reject(error));
    this.#socket.on('close', () => this.#close());
    this.#socket.write(UPGRADE(port));
    this.#hello = `40${this.#space}${auth === null ? '' : JSON.stringify(auth)}`;
  }

  /** Resolves once the server has let it in. `heard` is called with each change. */
  static open(entrance: Entrance, heard: () => void): Promise<LeanSocket> {
    return new Promise((resolve, reject) => new LeanSocket(entrance, heard, { resolve, reject }));
  }

  /** Asks, and resolves with the answer's text. */
  request(name: string, content: unknown): Promise<string> {
    return this.ask(this.asking(name, JSON.stringify(content)));
  }

  /** A request that is ready to be sent, once, and to be asked after those before it. */
  asking(name: string, json: string): { readonly id: number; readonly frame: Buffer } {
    const id = ++this.#last;
    return { id, frame: framed(`42${this.#space}${id}["${name}",${json}]`) };
  }

  ask({ id, frame }: { readonly id: number; readonly frame: Buffer }): Promise<string> {
    this.#socket.write(frame);
    return new Promise((resolve) => this.#answers.set(id, resolve));
  }

  say(text: string): void {
    this.#socket.write(framed(text));
  }

  close(): Promise<void> {
    return new Promise((resolve) => {
      this.#socket.once('close', () => resolve());
      this.#socket.destroy();
    });
  }

  #add(chunk: Buffer): void {
    if (this.#isUpgraded) {
      this.#frames.add(chunk);
      return;
    }
    const end = chunk.indexOf('\r\n\r\n');
    this.#isUpgraded = end > 0 && chunk.toString('latin1', 0, 12).endsWith('101');
    if (!this.#isUpgraded) this.#refused(chunk.toString('latin1', 0, 100));
    else if (end + 4 < chunk.length) this.#frames.add(chunk.subarray(end + 4));
  }

  #take(bytes: Buffer, start: number, end: number): void {
    const type = bytes[start];
    if (type === ZERO) this.say(this.#hello);
    else if (type === TWO) this.say('3');
    if (type !== FOUR) return;
    const kind = bytes[start + 1];
    if (kind === TWO) {
      if (bytes[start + this.#name] !== SLASH) return;
      this.changes++;
      this.#heard();
      this.hear?.(bytes.toString('utf8', start + this.#name - 2, end));
    } else if (kind === THREE) this.#answer(bytes, start + 2, end);
    else if (kind === ZERO) this.#entered.resolve(this);
    else this.#refused(bytes.toString('utf8', start, end));
  }

  #refused(why: string): void {
    this.#socket.destroy(new Error(`Not let in: ${why}`));
  }

  #answer(bytes: Buffer, start: number, end: number): void {
    let at = this.#space ? bytes.indexOf(COMMA, start) + 1 : start;
    let id = 0;
    for (; at < end && bytes[at] !== BRACKET; at++) id = id * 10 + ((bytes[at] ?? 0) - ZERO);
    this.#answers.get(id)?.(bytes.toString('utf8', at, end));
    this.#answers.delete(id);
  }

  #close(): void {
    this.#entered.reject(new Error('The server closed the connection'));
    for (const answer of this.#answers.values()) answer('[{"refused":"closed"}]');
    this.#answers.clear();
  }
}
