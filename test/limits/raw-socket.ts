import { once } from 'node:events';
import { type ClientOptions, WebSocket } from 'ws';
import { handshake } from '../server/support/fake-peer.ts';

type Heard = (text: string) => boolean;

/** A connection that speaks Engine.IO and Socket.IO by hand, and reads only while it wants to. */
export class RawSocket {
  readonly ws: WebSocket;
  readonly #waiting = new Set<Heard>();
  #asked = 0;
  static readonly #all = new Set<RawSocket>();

  /** `url`: `http://…`, or `ws+unix:<path>:`. */
  constructor(url: string, options: ClientOptions = {}) {
    RawSocket.#all.add(this);
    this.ws = new WebSocket(`${url.replace(/^http/, 'ws')}/socket.io/?EIO=4&transport=websocket`, options);
    const closed = new Promise<number>((resolve) => this.ws.on('close', resolve));
    this.closed = () => closed;
    this.ws.on('error', () => undefined); // its end is told by 'close'
    this.ws.setMaxListeners(0);
    this.ws.on('message', (message) => {
      const text = String(message);
      if (text === '2') this.ws.send('3');
      for (const heard of this.#waiting) if (heard(text)) this.#waiting.delete(heard);
    });
  }

  /** One that has joined; rejects with the server's words where it is not let in. */
  static async join(url: string, auth = JSON.stringify(handshake()), options?: ClientOptions) {
    const raw = new RawSocket(url, options);
    await once(raw.ws, 'open');
    raw.ws.send(`40/medulla,${auth}`);
    const answer = await raw.next((text) => /^4[04]\/medulla,/.test(text));
    if (answer.startsWith('44')) throw new Error(answer);
    return raw;
  }

  /** Ends all that there are. */
  static end(): void {
    for (const { ws } of RawSocket.#all) ws.terminate();
    RawSocket.#all.clear();
  }

  /** The next message that is so. */
  next(fits: (text: string) => boolean): Promise<string> {
    return new Promise((resolve, reject) => {
      const closed = (code: number) => reject(new Error(`closed: ${code}`));
      this.#waiting.add((text) => {
        const isIt = fits(text);
        if (isIt) {
          this.ws.off('close', closed);
          resolve(text);
        }
        return isIt;
      });
      this.ws.once('close', closed);
    });
  }

  /** The answer to a request whose content is this text. */
  async ask(name: string, content: string): Promise<unknown> {
    const id = ++this.#asked;
    const start = `43/medulla,${id}[`;
    this.ws.send(`42/medulla,${id}["${name}",${content}]`);
    const text = await this.next((answer) => answer.startsWith(start));
    return JSON.parse(text.slice(start.length - 1))[0];
  }

  /** Resolves with the code that it was closed with. */
  readonly closed: () => Promise<number>;
}
