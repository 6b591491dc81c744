import { expect, it } from 'vitest';
import { eventStream } from '../../src/hub/dialects/rest/event-stream.ts';
import { restWire } from '../../src/hub/dialects/rest/rest-wire.ts';
import type { Wire } from '../../src/hub/dialects/wire.ts';
import type { Attributes } from '../../src/protocol/attributes.ts';
import type { MutationId, UserId } from '../../src/protocol/ids.ts';
import { RestServer } from '../conformance/dialects/rest-server.ts';
import { READ, type TASKS } from './wire-recorder.ts';
import { opened, partsFor, served } from './with-servers.ts';

async function rest(options: Attributes = {}) {
  const server = await served(new RestServer());
  const wire = restWire(partsFor(server, options));
  return { server, wire, open: () => opened(wire) };
}

const CREATE = { method: 'create', attrs: { title: 'A' }, key: 'tab:1' as MutationId } as const;

it.each([502, 504])(
  '[DI14] of a write that a proxy answers with %i nobody knows whether it was done',
  async (status) => {
    const { server, open } = await rest();
    const { call } = await open();
    server.before = ({ method }, response) => {
      if (method !== 'POST') return false;
      response.writeHead(status).end('Bad gateway');
      return true;
    };
    await expect(call(CREATE)).rejects.toMatchObject({ code: 'timeout' });
    // Whoever it is that answers 503 says that it has not taken it.
    server.before = (_, response) => {
      response.writeHead(503).end();
      return true;
    };
    await expect(call(CREATE)).rejects.toMatchObject({ code: 'retry' });
  },
);

it('[DI14] where the proxy has nobody behind it, the line is lost', async () => {
  const { server, open } = await rest();
  const { call, closed } = await open();
  server.before = (_, response) => {
    response.writeHead(502).end();
    return true;
  };
  await expect(call(CREATE)).rejects.toMatchObject({ code: 'unreachable' });
  expect(await closed).toMatchObject({ type: 'lost' });
});

it('[DI23] an answer without the list under its name is none', async () => {
  const { server, open } = await rest({ list: 'page.items' });
  const { call } = await open();
  const answers: unknown[] = [
    { page: { items: [{ id: 1 }] } },
    { error: 'Later' },
    { page: {} },
    { page: { items: null } },
  ];
  server.before = (_, response) => {
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answers.shift()));
    return true;
  };
  expect(await call(READ)).toEqual([{ id: 1 }]);
  for (let i = 0; i < 2; i++) await expect(call(READ)).rejects.toMatchObject({ code: 'internal' });
  // It says that there is none.
  expect(await call(READ)).toBe(null);
});

/** A link of whoever has this token. */
async function withToken(wire: Wire, token: string) {
  return opened({
    ...wire,
    connect: (hello, listener) => wire.connect({ ...hello, user: '' as UserId, token }, listener),
  });
}

it('[DI15] the Authorization that a write has waited with gives way to a fresh token once the server wants another', async () => {
  const { server, wire } = await rest();
  const said = () => server.received.at(-1)?.headers.authorization;
  const write = { ...CREATE, options: { headers: { authorization: 'Bearer of-yesterday' } } };
  const first = await withToken(wire, 'one');
  await first.call(write);
  expect(said()).toBe('Bearer of-yesterday');
  server.before = ({ headers }, response) => {
    if (headers.authorization !== 'Bearer of-yesterday') return false;
    response.writeHead(401).end();
    return true;
  };
  await expect(first.call({ ...write, key: 'tab:2' as MutationId })).rejects.toMatchObject({
    code: 'unauthorized',
  });
  const next = await withToken(wire, 'two');
  await next.call({ ...write, key: 'tab:2' as MutationId });
  expect(said()).toBe('Bearer two');
  // One that the server has never refused is what the call wants.
  await next.call({ ...CREATE, options: { headers: { Authorization: 'Basic x' } } });
  expect(said()).toBe('Basic x');
});

it('[DI15] a read that wants another token ends the line, so that one is asked for; where that is no use, it is told', async () => {
  const { server, wire } = await rest();
  const expired = new Set(['Bearer one']);
  server.before = ({ headers, url }, response) => {
    if (!url.startsWith('/secret') && !expired.has(headers.authorization ?? '')) return false;
    response.writeHead(401).end();
    return true;
  };
  const first = await withToken(wire, 'one');
  await expect(first.call(READ)).rejects.toMatchObject({ code: 'unreachable' });
  expect(await first.closed).toMatchObject({ type: 'refused', code: 'unauthorized' });
  const next = await withToken(wire, 'two');
  expect(await next.call(READ)).toEqual([]);
  // Once for each: what nobody may read must not hold up all the rest for ever.
  const secret = { ...READ, topic: '/secret' as typeof TASKS };
  await expect(next.call(secret)).rejects.toMatchObject({ code: 'unreachable' });
  const last = await withToken(wire, 'three');
  await expect(last.call(secret)).rejects.toMatchObject({ code: 'unauthorized' });
  expect(await last.call(READ)).toEqual([]);
  // The token that had been good has expired since.
  expired.add('Bearer three');
  await expect(last.call(READ)).rejects.toMatchObject({ code: 'unreachable' });
});

it('[DI17] a stream that never ends its line, or its event, is given up before it fills the memory; one that only lives is not', () => {
  const read = () => eventStream({ id: '', retry: null });
  const piece = 'x'.repeat(1_000_000);
  const pour = (text: string, times: number) => {
    const parse = read();
    for (let i = 0; i < times; i++) parse(text);
  };
  expect(() => pour(piece, 20)).toThrow(/longer than/);
  expect(() => pour(`data: ${piece}\n`, 20)).toThrow(/longer than/);
  pour(`: ${piece}\n`, 20);
  pour(`data: ${piece}\n\n`, 20);
});
