import Backbone from 'backbone';
import { describe, expect, it, vi } from 'vitest';
import type { Host } from '../../src/client/host.ts';
import { otherHost, type Wanted } from '../../src/client/hosts/other-host.ts';
import { connect } from '../../src/index.ts';
import type { UserId } from '../../src/protocol/ids.ts';
import { portPair } from '../../src/testing/port-pair.ts';

const hub = { attach: () => undefined, close: async () => undefined };

function wanted(host: Wanted['host'], shared: Host | null): Wanted {
  const configuration = { user: 'ada' as UserId, server: 'https://app.test', path: '/socket.io' };
  return { host, configuration, url: '/w.js', what: null, forbidden: false, shared };
}

function worker(works: boolean): Host {
  return {
    kind: 'shared',
    reason: null,
    watch: () => () => undefined,
    async join() {
      if (!works) throw new Error('it threw');
      return portPair()[0];
    },
  };
}

/** Joins; resolves with what it has become, and why. */
async function outcome(...parts: Parameters<typeof wanted>) {
  const logged: unknown[] = [];
  const host = await otherHost(
    wanted(...parts),
    (_level, event) => logged.push(event),
    () => hub,
  );
  (await host.join(null)).close();
  return { kind: host.kind, reason: host.reason, logged };
}

describe('the host option', () => {
  it.each(['worker', '', 'Leader', null])('[LE1] throws bad-option where it is %j', (host) => {
    const options = { host } as unknown as Parameters<typeof connect>[1];
    expect(() => connect(Backbone, options)).toThrow(
      expect.objectContaining({ code: 'bad-option', message: `host is '${host}'` }),
    );
  });

  it('[LE2] gives the page where that was asked for, and says so', async () => {
    expect(await outcome('page', worker(true))).toEqual({
      kind: 'page',
      reason: 'It was asked for',
      logged: [],
    });
  });

  it('[LE2] falls from the service worker to the SharedWorker, and says why', async () => {
    vi.stubGlobal('navigator', { locks: navigator.locks });
    const { kind, reason, logged } = await outcome('service', worker(true));
    vi.unstubAllGlobals();
    expect([kind, logged]).toEqual(['shared', ['no-host']]);
    expect(reason).toMatch(/service worker/);
  });

  it('[LE2] falls further where that does not start, and says it all', async () => {
    vi.stubGlobal('indexedDB', undefined);
    const { kind, reason } = await outcome('service', worker(false));
    vi.unstubAllGlobals();
    expect(kind).toBe('page');
    expect(reason).toMatch(/service worker.*; .*it threw; .*leader/);
  });

  it('[LE2] falls to the page where there is neither a SharedWorker nor what a leader takes', async () => {
    vi.stubGlobal('indexedDB', undefined);
    const { kind, reason } = await outcome('shared', null);
    vi.unstubAllGlobals();
    expect(kind).toBe('page');
    expect(reason).toMatch(/no SharedWorker; .*leader/);
  });
});
