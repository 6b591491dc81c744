import { once } from 'node:events';
import WebSocket from 'ws';

interface Target {
  readonly targetId: string;
  readonly type: string;
  readonly url: string;
}

interface Pending {
  resolve(result: unknown): void;
  reject(error: Error): void;
}

/** Chromium's own protocol, for what Playwright has no word for: the targets of workers. */
export class Devtools {
  readonly #socket: WebSocket;
  readonly #pending = new Map<number, Pending>();
  #id = 0;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.on('message', (text) => this.#answer(JSON.parse(String(text))));
  }

  static async open(endpoint: string): Promise<Devtools> {
    const socket = new WebSocket(endpoint);
    await once(socket, 'open');
    return new Devtools(socket);
  }

  /** `origin`: only those of this one. */
  async sharedWorkers(origin = ''): Promise<Target[]> {
    const { targetInfos } = (await this.#send('Target.getTargets')) as { targetInfos: Target[] };
    return targetInfos.filter(({ type, url }) => type === 'shared_worker' && url.startsWith(origin));
  }

  /** Ends every SharedWorker where it stands: no event, no goodbye, nothing flushed. */
  async killSharedWorkers(origin?: string): Promise<number> {
    const workers = await this.sharedWorkers(origin);
    for (const { targetId } of workers) await this.#send('Target.closeTarget', { targetId });
    return workers.length;
  }

  /** Stops the SharedWorker before the next statement that it would run: what is posted to it from now on it never sees. */
  async stopSharedWorker(origin?: string): Promise<void> {
    const sessionId = await this.#attach(origin);
    await this.#send('Debugger.enable', {}, sessionId);
    await this.#send('Debugger.pause', {}, sessionId);
  }

  /** Bytes in use on the SharedWorker's heap, after a collection. */
  async workerHeap(origin?: string): Promise<number> {
    const sessionId = await this.#attach(origin);
    await this.#send('HeapProfiler.collectGarbage', {}, sessionId);
    const { usedSize } = (await this.#send('Runtime.getHeapUsage', {}, sessionId)) as { usedSize: number };
    await this.#send('Target.detachFromTarget', { sessionId });
    return usedSize;
  }

  close(): void {
    this.#socket.close();
    for (const { reject } of this.#pending.values()) reject(new Error('The protocol was closed'));
  }

  async #attach(origin?: string): Promise<string> {
    const [worker] = await this.sharedWorkers(origin);
    if (!worker) throw new Error('There is no SharedWorker');
    const { targetId } = worker;
    const answer = await this.#send('Target.attachToTarget', { targetId, flatten: true });
    return (answer as { sessionId: string }).sessionId;
  }

  #send(method: string, params: object = {}, sessionId?: string): Promise<unknown> {
    const id = ++this.#id;
    this.#socket.send(JSON.stringify({ id, method, params, ...(sessionId && { sessionId }) }));
    return new Promise((resolve, reject) => this.#pending.set(id, { resolve, reject }));
  }

  #answer(message: { id?: number; result?: unknown; error?: { message: string } }): void {
    const pending = this.#pending.get(message.id ?? 0);
    this.#pending.delete(message.id ?? 0);
    if (message.error) pending?.reject(new Error(message.error.message));
    else pending?.resolve(message.result);
  }
}
