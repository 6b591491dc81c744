import { once } from 'node:events';
import { type IncomingMessage, type RequestOptions, request } from 'node:http';
import { handshake } from '../server/support/fake-peer.ts';

/** A client that polls by hand, each time over a connection of its own. */
export class Poller {
  readonly #at: RequestOptions;
  #sid = '';

  private constructor(at: RequestOptions) {
    this.#at = at;
  }

  /** `at`: where the server listens. */
  static async join(at: RequestOptions, user = ''): Promise<Poller> {
    const poller = new Poller(at);
    poller.#sid = JSON.parse((await poller.poll()).slice(1)).sid;
    await poller.say(`40/medulla,${JSON.stringify(handshake(user))}`);
    return poller;
  }

  async ask(method: string, body?: string): Promise<IncomingMessage> {
    const path = `/socket.io/?EIO=4&transport=polling${this.#sid && `&sid=${this.#sid}`}`;
    const asked = request({ ...this.#at, path, method, agent: false });
    asked.end(body);
    const [response] = await once(asked, 'response');
    return response;
  }

  async say(text: string): Promise<void> {
    await textOf(await this.ask('POST', text));
  }

  /** What there is to hear. */
  async poll(): Promise<string> {
    return textOf(await this.ask('GET'));
  }
}

/** All that is answered. */
export async function textOf(response: IncomingMessage): Promise<string> {
  let text = '';
  for await (const part of response) text += part;
  return text;
}
