import { expect, it } from 'vitest';
import { codeOfStatus, refusalOf } from '../../src/hub/dialects/said/refusal-of.ts';
import { eventsWire } from '../../src/hub/dialects/sockets/events-wire.ts';
import { webSocketWire } from '../../src/hub/dialects/sockets/websocket-wire.ts';
import { partsFor } from './with-servers.ts';

const server = { url: 'http://127.0.0.1:1' };

it('[DW7] throws bad-option where an option is not what it should be', () => {
  const bad = { code: 'bad-option', message: expect.stringContaining('dialect.onCollection') };
  expect(() => eventsWire(partsFor(server, { onCollection: ['save'] }))).toThrow(
    expect.objectContaining(bad),
  );
  expect(() => webSocketWire(partsFor(server, { answers: 'never' }))).toThrow(/dialect\.answers/);
});

it.each([
  ['Not today', { code: 'invalid', message: 'Not today' }],
  [null, { code: 'invalid', message: 'The server refused' }],
  [{ error: 'Not today' }, { code: 'invalid', message: 'Not today' }],
  [
    { status: 409, message: 'Taken' },
    { code: 'conflict', message: 'Taken', details: { status: 409 } },
  ],
  [
    { error: { code: 503, message: 'Later', after: 9 } },
    { code: 'retry', details: { status: 503, after: 9 } },
  ],
  [{ error: { code: 'forbidden', message: 'No' } }, { code: 'forbidden', details: { code: 'forbidden' } }],
  [{ error: { name: 'E', code: 'E_OWN', message: 'No' } }, { code: 'invalid', details: { code: 'E_OWN' } }],
])('[DW2] reads the refusal %j', (said, error) => {
  expect(refusalOf(said)).toMatchObject(error);
});

it('[DW2] takes HTTP statuses for what they mean', () => {
  const codes = [400, 401, 403, 404, 408, 409, 410, 413, 422, 429, 500, 503].map(codeOfStatus);
  const final = [
    'invalid',
    'unauthorized',
    'forbidden',
    'not-found',
    'retry',
    'conflict',
    'gone',
    'too-large',
  ];
  expect(codes).toEqual([...final, 'invalid', 'rate', 'retry', 'retry']);
});
