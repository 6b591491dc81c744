/** What a build leaves out of socket.io-client: the hub never comes to it, and it is an eighth of the worker. */
import { join } from 'node:path';
import type { Plugin } from 'vite';

const modules = join(import.meta.dirname, '../../node_modules');

/**
 * What takes the place of a module's own code: nothing here goes by WebTransport, all that goes is JSON, the hub reconnects
 * by itself, and the browsers that have workers have URL and fetch. The real browser's tests run over the outcome.
 */
const LEAN: Readonly<Record<string, string>> = {
  'engine.io-client/build/esm/transports/webtransport.js':
    'export class WT { constructor() { throw new Error("WebTransport is not built in"); } }',
  // Other runtimes' options and ways; a page's WebSocket takes an address.
  'engine.io-client/build/esm/transports/websocket.js': `
    import { encodePacket } from 'engine.io-parser';
    import { Transport } from '../transport.js';
    export class WS extends Transport {
      get name() { return 'websocket'; }
      doOpen() {
        try {
          this.ws = new WebSocket(this.createUri(this.opts.secure ? 'wss' : 'ws', this.query));
        } catch (error) { return this.emitReserved('error', error); }
        this.ws.onopen = () => this.onOpen();
        this.ws.onclose = (context) => this.onClose({ description: 'websocket connection closed', context });
        this.ws.onmessage = ({ data }) => this.onData(data);
        this.ws.onerror = (error) => this.onError('websocket error', error);
      }
      write(packets) {
        this.writable = false;
        // One that is closing takes nothing, and its end is told in any case.
        for (const packet of packets) encodePacket(packet, true, (text) => { try { this.ws.send(text); } catch {} });
        queueMicrotask(() => { this.writable = true; this.emitReserved('drain'); });
      }
      doClose() {
        if (!this.ws) return;
        this.ws.onerror = () => {};
        this.ws.close();
        this.ws = null;
      }
    }`,
  // In a service worker there is no XMLHttpRequest.
  'engine.io-client/build/esm/transports/polling-xhr.js': `
    import { Polling } from './polling.js';
    export class XHR extends Polling {
      doPoll() { this.ask('read', {}, (text) => this.onData(text)); }
      doWrite(body, then) { this.ask('write', { method: 'POST', body }, then); }
      ask(what, init, then) {
        fetch(this.uri(), init)
          .then((response) => response.ok ? response.text() : Promise.reject(response.status))
          .then((text) => then(text), (error) => this.onError('fetch ' + what + ' error', error));
      }
    }`,
  'socket.io-parser/build/esm/is-binary.js':
    'export const hasBinary = () => false; export const isBinary = hasBinary;',
  'socket.io-parser/build/esm/binary.js':
    'export function reconstructPacket() { throw new Error("Binary is not built in"); } export const deconstructPacket = reconstructPacket;',
  'socket.io-client/build/esm/contrib/backo2.js': 'export class Backoff { attempts = 0; reset() {} }',
  'engine.io-parser/build/esm/decodePacket.browser.js': `
    import { ERROR_PACKET, PACKET_TYPES_REVERSE } from './commons.js';
    export function decodePacket(text) {
      const type = typeof text === 'string' && PACKET_TYPES_REVERSE[text[0]];
      return type ? { type, data: text.slice(1) || undefined } : ERROR_PACKET;
    }`,
  'engine.io-parser/build/esm/encodePacket.browser.js': `
    import { PACKET_TYPES } from './commons.js';
    export const encodePacket = ({ type, data }, _binary, then) => then(PACKET_TYPES[type] + (data || ''));
    export const encodePacketToBinary = encodePacket;`,
  'engine.io-client/build/esm/contrib/parseuri.js': `
    export function parse(text) {
      const { protocol, hostname, port, search } = new URL(text);
      return { protocol: protocol.slice(0, -1), host: hostname.replace(/^\\[|]$/g, ''), port, query: search.slice(1) };
    }`,
};

/** A method as it is built in; '' is none at all. Without reconnection, retries, recovery, binary, flags, or ears for what goes out. */
type Methods = Readonly<Record<string, string>>;

const none = (...names: string[]): Methods => Object.fromEntries(names.map((name) => [name, '']));
const idle = (...names: string[]): Methods => Object.fromEntries(names.map((name) => [name, `${name}() {}`]));

const METHODS: Readonly<Record<string, Methods>> = {
  'socket.io-client/build/esm/manager.js': {
    ...none('connect', 'disconnect', 'reconnect', 'onreconnect'),
    ...idle('reconnection', 'reconnectionAttempts', 'reconnectionDelay', 'reconnectionDelayMax'),
    ...idle('randomizationFactor', 'maybeReconnectOnOpen'),
    timeout: 'timeout(ms) { this._timeout = ms; }',
  },
  'socket.io-client/build/esm/socket.js': {
    ...none('send', 'close', 'disconnected', 'emitWithAck', '_addToQueue', 'compress', 'volatile', 'timeout'),
    ...none('prependAny', 'offAny', 'listenersAny', 'onAnyOutgoing', 'prependAnyOutgoing'),
    ...none('offAnyOutgoing', 'listenersAnyOutgoing'),
    ...idle('_drainQueue', '_clearAcks', 'notifyOutgoingListeners'),
    _registerAckCallback: '_registerAckCallback(id, ack) { this.acks[id] = ack; }',
    _sendConnectPacket: '_sendConnectPacket(data) { this.packet({ type: PacketType.CONNECT, data }); }',
  },
  'socket.io-parser/build/esm/index.js': {
    encode: 'encode(packet) { return [this.encodeAsString(packet)]; }',
    encodeAsBinary: '',
    add: `add(text) {
      const packet = this.decodeString(text);
      if (packet.attachments) throw new Error('Binary is not built in');
      this.emitReserved('decoded', packet);
    }`,
    ...idle('destroy'),
  },
  'engine.io-client/build/esm/socket.js': none('send'),
};

const lines = (text: string): number => text.split('\n').length;

/**
 * The code with these methods, each in as many lines as before it, so that all others are where they were; throws where
 * one of them is not there as it was: another version may use them.
 */
function withMethods(code: string, methods: Methods): string {
  return Object.entries(methods).reduce((left, [name, text]) => {
    const method = new RegExp(`^    (get )?${name}\\(.*\\) \\{\\n[^]*?^    \\}\\n`, 'm');
    if (!method.test(left)) throw new Error(`There is no method ${name} to leave out`);
    return left.replace(method, (was) => text + '\n'.repeat(lines(was) - lines(text)));
  }, code);
}

const moduleOf = (id: string) => id.split('/node_modules/').at(-1) ?? '';

/** Leaves it out. */
export const leanSocketIoClient: Plugin = {
  name: 'lean-socket-io-client',
  apply: 'build',
  enforce: 'pre',
  resolveId: (id) => (id === 'socket.io-client' ? `${modules}/socket.io-client/build/esm/manager.js` : null),
  load: (id) => LEAN[moduleOf(id)] ?? null,
  transform(code, id) {
    const methods = METHODS[moduleOf(id)];
    // No line has moved: a map from before is still true.
    return methods ? { code: withMethods(code, methods), map: null } : null;
  },
};
