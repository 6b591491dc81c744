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
  // Its own timers and counting of bytes are for other runtimes.
  'engine.io-client/build/esm/util.js': `
    export function installTimerFunctions(it) {
      it.setTimeoutFn = (fn, ms) => setTimeout(fn, ms);
      it.clearTimeoutFn = (timer) => clearTimeout(timer);
    }
    export const byteLength = (text) => new TextEncoder().encode(text).length;
    export const randomString = () => Date.now().toString(36).slice(3) + Math.random().toString(36).slice(2, 5);`,
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
    ...none('connect', 'disconnect', 'reconnect', 'onreconnect', 'timeout'),
    ...none('reconnection', 'reconnectionAttempts', 'reconnectionDelay', 'reconnectionDelayMax'),
    ...none('randomizationFactor'),
    ...idle('maybeReconnectOnOpen'),
    constructor: `constructor(uri, opts) {
      super();
      Object.assign(this, { uri, opts, nsps: {}, subs: [], _readyState: 'closed', _timeout: 20000 });
      installTimerFunctions(this, opts);
      this.encoder = new parser.Encoder();
      this.decoder = new parser.Decoder();
    }`,
    socket: 'socket(nsp, opts) { return (this.nsps[nsp] ??= new Socket(this, nsp, opts)); }',
    _destroy: '_destroy() { if (!Object.values(this.nsps).some((socket) => socket.active)) this._close(); }',
    _packet: '_packet(packet) { for (const text of this.encoder.encode(packet)) this.engine.write(text); }',
    _close: `_close() { this.onclose('forced close'); }`,
    onclose: `onclose(reason, description) {
      this.cleanup();
      this.engine?.close();
      this._readyState = 'closed';
      this.emitReserved('close', reason, description);
    }`,
  },
  'socket.io-client/build/esm/socket.js': {
    ...none('send', 'close', 'disconnected', 'emitWithAck', '_addToQueue', 'compress', 'volatile', 'timeout'),
    ...none('prependAny', 'offAny', 'listenersAny', 'onAnyOutgoing', 'prependAnyOutgoing'),
    ...none('offAnyOutgoing', 'listenersAnyOutgoing', '_registerAckCallback', '_sendConnectPacket'),
    ...none('_drainQueue', 'open'),
    ...idle('_clearAcks', 'notifyOutgoingListeners'),
    constructor: `constructor(io, nsp, { auth }) {
      super();
      Object.assign(this, { io, nsp, auth, connected: false, receiveBuffer: [], sendBuffer: [], ids: 0, acks: {} });
    }`,
    emit: `emit(...data) {
      if (Object.hasOwn(RESERVED_EVENTS, data[0])) throw new Error('"' + data[0] + '" is a reserved event name');
      const packet = { type: PacketType.EVENT, data };
      if (typeof data.at(-1) === 'function') this.acks[(packet.id = this.ids++)] = data.pop();
      if (this.connected && !this.io.engine?._hasPingExpired()) this.packet(packet);
      else this.sendBuffer.push(packet);
      return this;
    }`,
    emitEvent: `emitEvent(args) {
      for (const listener of [...(this._anyListeners ?? [])]) listener.apply(this, args);
      super.emit.apply(this, args);
    }`,
    onopen: 'onopen() { this.packet({ type: PacketType.CONNECT, data: this.auth }); }',
    onack: `onack({ id, data }) {
      const ack = this.acks[id];
      delete this.acks[id];
      ack?.apply(this, data);
    }`,
    onconnect: `onconnect(id) {
      this.id = id;
      this.connected = true;
      this.emitBuffered();
      this.emitReserved('connect');
    }`,
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
  // The address is a whole one, and the transports are named; a worker hears no 'beforeunload'.
  'engine.io-client/build/esm/socket.js': {
    ...none('send'),
    constructor: `constructor(uri, opts) {
      super();
      installTimerFunctions(this, opts);
      const { protocol, host: hostname, port, query } = parse(uri);
      const secure = protocol === 'https' || protocol === 'wss';
      const transports = [...opts.transports];
      Object.assign(this, { hostname, secure, port: port || (secure ? '443' : '80'), transports });
      Object.assign(this, { writeBuffer: [], _prevBufferLen: 0, _upgrades: [], _pingTimeoutTime: Infinity });
      const path = opts.path.replace(/\\/$/, '') + '/';
      this.opts = { ...opts, path, query: query && decode(query), upgrade: true, timestampParam: 't', transportOptions: {} };
      this._transportsByName = DEFAULT_TRANSPORTS;
      if (hostname !== 'localhost')
        OFFLINE_EVENT_LISTENERS.push((this._offlineEventListener = () =>
          this._onClose('transport close', { description: 'network connection lost' })));
      this._open();
    }`,
    _open: `_open() {
      this.readyState = 'opening';
      const transport = this.createTransport(this.transports[0]);
      transport.open();
      this.setTransport(transport);
    }`,
    _onPacket: `_onPacket({ type, data }) {
      if (this.readyState === 'closed') return;
      if (type === 'open') this.onHandshake(JSON.parse(data));
      else if (type === 'message') this.emitReserved('data', data);
      else if (type === 'error') this._onError(Object.assign(new Error('server error'), { code: data }));
      else if (type === 'ping') {
        this._sendPacket('pong');
        this._resetPingTimeout();
      }
    }`,
    write: `write(text) { this._sendPacket('message', text); }`,
    _resetPingTimeout: `_resetPingTimeout() {
      this.clearTimeoutFn(this._pingTimeoutTimer);
      const delay = this._pingInterval + this._pingTimeout;
      this._pingTimeoutTime = Date.now() + delay;
      this._pingTimeoutTimer = this.setTimeoutFn(() => this._onClose('ping timeout'), delay);
    }`,
    _sendPacket: `_sendPacket(type, data) {
      if (this.readyState === 'closing' || this.readyState === 'closed') return;
      this.writeBuffer.push({ type, data });
      this.flush();
    }`,
    _filterUpgrades:
      '_filterUpgrades(upgrades) { return upgrades.filter((name) => this.transports.includes(name)); }',
  },
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
