import { requests, handshake as shape } from '../../../src/protocol/server-up.ts';
import { PROTOCOL } from '../../../src/protocol/version.ts';
import type { Dice } from '../../support/dice.ts';
import { shapeTree } from './shape-tree.ts';
import { spoil } from './spoil.ts';
import { spoilText } from './spoil-text.ts';
import { valid } from './valid.ts';
import type { Words } from './words.ts';

/** What goes over the wire: text or bytes by WebSocket, a request of HTTP as it is written, or one of a session that polls. */
export type WireFrame =
  | { readonly by: 'text' | 'bytes'; readonly said: string }
  | { readonly by: 'http'; readonly said: string }
  | PollFrame;

/** `again`: a poll, also where one waits for its answer. */
export interface PollFrame {
  readonly by: 'poll';
  readonly method: 'POST' | 'GET' | 'PUT' | 'again';
  readonly said: string;
}

const REQUESTS = Object.entries(requests).map(([name, { text }]) => [name, shapeTree(text)] as const);
const TWINS = REQUESTS.filter(([name]) => name === 'push' || name === 'withdraw');
const HANDSHAKE = shapeTree(shape.text);

const words: Words = {
  user: ['mallory', 'mallory', 'alice', ''],
  token: [null, 'x'],
  protocol: [PROTOCOL],
  topic: ['/tasks', '/secrets/alice', '/users/alice/notes', '/guarded/bob', '/shut'],
  record: ['x', 's1', 1],
  id: ['m:1', 'm:2', 'alice:1'],
  method: ['create', 'update', 'patch', 'delete'],
  number: [0],
};

export function wireFrame(dice: Dice): WireFrame {
  if (dice.chance(0.15)) return { by: 'http', said: httpRequest(dice) };
  if (dice.chance(0.15)) return pollFrame(dice);
  const said = packet(dice);
  return { by: dice.chance(0.1) ? 'bytes' : 'text', said: spoilText(said, dice) };
}

const packet = (dice: Dice): string => (dice.chance(0.1) ? enginePacket(dice) : socketPacket(dice));

/** Mostly a payload of some packets, now and then of very many. */
function pollFrame(dice: Dice): PollFrame {
  const method = dice.pick(['POST', 'POST', 'POST', 'POST', 'GET', 'GET', 'PUT', 'again'] as const);
  const packets = Array.from({ length: dice.pick([1, 1, 2, 3]) }, () => packet(dice));
  const payload = dice.chance(0.02) ? packet(dice).concat('\x1e').repeat(1_000) : packets.join('\x1e');
  return { by: 'poll', method, said: method === 'POST' ? spoilText(payload, dice) : '' };
}

/** Of Engine.IO alone: open, close, ping, pong, upgrade, noop, and what is none. */
const enginePacket = (dice: Dice): string =>
  dice.pick(['0{}', '1', '2', '2probe', '3', '3probe', '5', '6', '7', '', 'b', 'bAAAA', '4', '44', '4\x1e4']);

function socketPacket(dice: Dice): string {
  const space = dice.pick(['/medulla,', '/medulla,', '/medulla,', '', '/none,', '/medulla?x=1,']);
  const ack = dice.pick(['', '1', '0', '12345678901234567890']);
  const [name, tree] = dice.pick(REQUESTS);
  const event = JSON.stringify([name, spoil(valid(tree, dice, words), dice)]);
  switch (dice.int(0, 9)) {
    case 0:
      return `40${space}${JSON.stringify(spoil(valid(HANDSHAKE, dice, words), dice))}`;
    case 1:
      return dice.pick([`41${space}`, `43${space}${ack}[]`, `44${space}{"message":"x"}`, `49${space}`]);
    case 2:
      return `45${dice.pick(['1', '2', '0', '11', '1000000'])}-${space}${ack}${event.replace('null', '{"_placeholder":true,"num":0}')}`;
    case 3:
      return `42${space}${ack}${dice.pick(['[]', '[7]', '["connect"]', '["disconnect",1]', '[null]', '{}', '"x"', '[["x"]]', '["error","x"]', '["newListener"]'])}`;
    default:
      return `42${space}${ack}${event}`;
  }
}

function httpRequest(dice: Dice): string {
  const path = dice.pick([
    '/medulla/push',
    '/medulla/push',
    '/medulla/withdraw',
    '/socket.io/?EIO=4&transport=polling',
    '/socket.io/?EIO=4&transport=polling&sid=x',
    '/socket.io/?EIO=4&transport=constructor',
    '/socket.io/?EIO=99&sid=__proto__',
    '/medulla/health',
    '/medulla/metrics',
    '/medulla/../package.json',
    '/medulla/%2e%2e/package.json',
    '/medulla/..%2fpackage.json',
    '/medulla/index.js',
    '//medulla/push',
  ]);
  const [, tree] = dice.pick(TWINS);
  const content = { ...(valid(HANDSHAKE, dice, words) as object), ...(valid(tree, dice, words) as object) };
  const body = spoilText(JSON.stringify(spoil(content, dice)) ?? '', dice);
  const length = dice.chance(0.9) ? Buffer.byteLength(body) : dice.pick([0, 1, -1, 1e9, 'x']);
  const head = [
    `${dice.pick(['POST', 'POST', 'POST', 'GET', 'OPTIONS', 'PUT', 'HEAD'])} ${path} HTTP/1.1`,
    'Host: 127.0.0.1',
    'Connection: close',
    `Content-Type: ${dice.pick(['application/json', 'application/json; charset=utf-8', 'text/plain', 'application/x-www-form-urlencoded'])}`,
    `Content-Length: ${length}`,
    ...dice.pick([
      [],
      ['Origin: null'],
      ['Origin: http://evil.test'],
      ['Origin: ://'],
      ['Content-Encoding: gzip'],
    ]),
    ...dice.pick([[], ['Authorization: Bearer x'], [`Authorization: Bearer ${' '.repeat(2_000)}`]]),
  ];
  return dice.chance(0.8)
    ? `${head.join('\r\n')}\r\n\r\n${body}`
    : spoilText(`${head.join('\r\n')}\r\n\r\n${body}`, dice);
}
