import { Writable } from 'node:stream';
import { pino } from 'pino';
import { afterEach, expect, it } from 'vitest';
import type { Log } from '../../src/server.ts';
import { sent } from './support/fake-peer.ts';
import { LiveServer } from './support/live-server.ts';

let server: LiveServer;
afterEach(() => server.end());

/** As the manual has it. */
function pinoLog(): { readonly log: Log; readonly lines: Record<string, unknown>[] } {
  const lines: Record<string, unknown>[] = [];
  const stream = new Writable({
    write(chunk, _encoding, done) {
      lines.push(JSON.parse(String(chunk)));
      done();
    },
  });
  const logger = pino({ level: 'debug', serializers: { error: pino.stdSerializers.err } }, stream);
  return { lines, log: (level, event, details) => logger[level](details ?? {}, event) };
}

it('[OP5] goes to pino as JSON: level, event, details, and an error with its stack and its cause', async () => {
  const { log, lines } = pinoLog();
  server = await LiveServer.start({ log });
  server.medulla.resource('/tasks', { public: true }).create(() => {
    throw new Error('the database of theirs', { cause: new Error('no route to host') });
  });
  const { socket } = await server.connect('ann');
  const { receipts } = await socket.emitWithAck('push', {
    user: 'ann',
    mutations: [sent('a:1', { user: 'ann' })],
  });
  expect(receipts[0].type).toBe('retry');
  const failed = lines.find(({ msg }) => msg === 'judgement-failed');
  expect(failed).toMatchObject({ level: 50, user: 'ann', ids: ['a:1'] });
  expect(failed?.error).toMatchObject({
    message: 'the database of theirs: no route to host',
    stack: expect.stringContaining('logs.test.ts'),
  });
  expect(lines.find(({ msg }) => msg === 'ready')).toMatchObject({ level: 30 });
});
