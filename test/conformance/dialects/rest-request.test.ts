import { expect, it } from 'vitest';
import { httpAnswer } from '../../../src/hub/dialects/rest/http-answer.ts';
import { httpRequest } from '../../../src/hub/dialects/rest/http-request.ts';
import type { WireCall } from '../../../src/hub/dialects/wire.ts';
import type { Topic } from '../../../src/protocol/ids.ts';
import { READ } from '../../dialects/wire-recorder.ts';

const CALL: WireCall = { ...READ, method: 'create', attrs: { title: 'A' } };
const SENDER = {
  server: 'http://a.example',
  origin: 'http://a.example',
  token: 'secret',
  csrf: null,
  refused: new Set<string>(),
};

it('[DI10] a path that begins with two slashes names no other server, which would get the token', () => {
  const { url } = httpRequest({ ...CALL, topic: '//tasks' as Topic }, {}, SENDER);
  expect(url).toBe('http://a.example//tasks');
});

it("[DI11] a call's header goes in place of the dialect's and of ours, in whatever case it is written", () => {
  const options = { headers: { authorization: 'Basic x', 'content-TYPE': 'application/vnd.api+json' } };
  const { init } = httpRequest({ ...CALL, options }, { headers: { AUTHORIZATION: 'Basic y' } }, SENDER);
  const headers = new Headers(init.headers);
  expect(headers.get('authorization')).toBe('Basic x');
  expect(headers.get('accept')).toContain('application/json');
});

it('[DI11] headers that no request can carry are refused, and say nothing of the connection', () => {
  const options = { headers: { 'X-Name': 'Зоя' } };
  expect(() => httpRequest({ ...CALL, options }, {}, SENDER)).toThrow(
    expect.objectContaining({ code: 'bad-message' }),
  );
});

it('[DI14] a Location that nobody has encoded is no reason to create the record once more', () => {
  const location = '/tasks/100%';
  const answer = { status: 201, headers: { location }, text: '', redirected: false };
  expect(httpAnswer(CALL, {}, answer).content).toEqual({ id: '100%' });
});
