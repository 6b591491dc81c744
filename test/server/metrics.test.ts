import { afterEach, describe, expect, it } from 'vitest';
import { memoryStore, Refusal } from '../../src/server.ts';
import { sent } from './support/fake-peer.ts';
import { LiveServer, next } from './support/live-server.ts';
import { storeMethods } from './support/store-methods.ts';

let server: LiveServer;
afterEach(() => server.end());

const ask = (headers: Record<string, string> = {}) => fetch(`${server.url}/medulla/metrics`, { headers });

/** The figures by name and labels; `#` lines are left out. */
async function figures(): Promise<Readonly<Record<string, number>>> {
  const lines = (await (await ask()).text()).split('\n').filter((line) => line && !line.startsWith('#'));
  return Object.fromEntries(lines.map((line) => [line.replace(/ \S+$/, ''), Number(line.split(' ').at(-1))]));
}

describe('/medulla/metrics', () => {
  it('[OP2] is closed unless it is opened', async () => {
    server = await LiveServer.start();
    expect((await ask()).status).toBe(404);
    await server.end();
    server = await LiveServer.start({ metrics: true });
    const answer = await ask();
    expect([answer.status, answer.headers.get('content-type')]).toEqual([
      200,
      'text/plain; version=0.0.4; charset=utf-8',
    ]);
    expect(answer.headers.get('cache-control')).toBe('no-store');
  });

  it('[OP2] is open to those whom the function lets, and to nobody where it fails', async () => {
    const logged: string[] = [];
    server = await LiveServer.start({
      log: (_level, event) => void logged.push(event),
      metrics: async ({ headers: { authorization }, address }) => {
        if (authorization === 'broken') throw new Error('broken');
        return authorization === 'Bearer let-me' && address === '127.0.0.1';
      },
    });
    expect((await ask({ authorization: 'Bearer let-me' })).status).toBe(200);
    for (const headers of [{}, { authorization: 'Bearer x' }]) {
      const answer = await ask(headers);
      expect([answer.status, await answer.text()]).toEqual([403, 'These metrics are not for you.']);
    }
    const broken = await ask({ authorization: 'broken' });
    expect([broken.status, await broken.text()]).toEqual([503, expect.not.stringContaining('at ')]);
    expect(logged).toContain('metrics-failed');
  });

  it('[OP3] counts connections, follows, requests, receipts and changes', async () => {
    server = await LiveServer.start({ metrics: true });
    server.medulla.resource('/tasks', { public: true }).create((ctx, go) => {
      if (ctx.set.no) throw new Refusal('No');
      return go();
    });
    const [ann, bob] = [(await server.connect('ann')).socket, (await server.connect('bob')).socket];
    const refused = server.dial({ protocol: 0 });
    await next(refused, 'connect_error');
    const wish = (topic: string, cursor: unknown = null) => ({ topics: [{ topic, cursor, live: true }] });
    const { topics } = await ann.emitWithAck('follow', wish('/tasks'));
    await bob.emitWithAck('follow', wish('/tasks', topics[0].cursor));
    await bob.emitWithAck('follow', wish('/nowhere'));
    const writes = [
      sent('a:1', { user: 'ann' }),
      sent('a:2', { user: 'ann', record: 'y', set: { no: true } }),
    ];
    await ann.emitWithAck('push', { user: 'ann', mutations: writes });
    await ann.emitWithAck('push', { user: 'ann', mutations: writes.slice(0, 1) });
    for (const name of ['push', 'x1', 'x2', 'constructor']) await ann.emitWithAck(name, { user: 7 });
    const found = await figures();
    expect(found).toMatchObject({
      medulla_connections: 2,
      medulla_follows: 2,
      medulla_topics: 1,
      'medulla_handshakes_total{outcome="welcome"}': 2,
      'medulla_handshakes_total{outcome="protocol"}': 1,
      'medulla_follows_total{type="snapshot"}': 1,
      'medulla_follows_total{type="changes"}': 1,
      'medulla_follows_total{type="denied"}': 1,
      'medulla_receipts_total{type="applied"}': 1,
      'medulla_receipts_total{type="forbidden"}': 1,
      'medulla_receipts_total{type="duplicate"}': 1,
      'medulla_refused_total{request="push",code="bad-message"}': 1,
      'medulla_refused_total{request="unknown",code="bad-message"}': 3,
      'medulla_request_seconds_count{request="push"}': 3,
      'medulla_request_seconds_count{request="unknown"}': 3,
      medulla_changes_total: 1,
      medulla_commit_seconds_count: 1,
      medulla_change_seconds_count: 1,
      'medulla_delivery_total{what="told"}': 1,
      'medulla_delivery_total{what="gaps"}': 0,
      medulla_store_topics: 1,
      medulla_store_log_entries: 1,
      medulla_store_receipts: 2,
      process_cpu_seconds_total: expect.any(Number),
    });
    const gone = new Promise((resolve) => server.medulla.on('disconnect', resolve));
    bob.disconnect();
    await gone;
    expect((await figures()).medulla_connections).toBe(1);
  });

  it('[OP3] tells the rest where the store cannot tell how much it holds, and counts for each server by itself', async () => {
    // As a store that is not open yet: it throws at once.
    const size = () => {
      throw new Error('not open');
    };
    server = await LiveServer.start({ metrics: true, store: { ...storeMethods(memoryStore()), size } });
    const other = await LiveServer.start({ metrics: true });
    await other.connect('ann');
    await other.end();
    expect(await figures()).toMatchObject({ medulla_connections: 0, medulla_store_bytes: Number.NaN });
    expect(Object.keys(await figures()).filter((name) => name.startsWith('medulla_handshakes'))).toEqual([]);
  });
});
