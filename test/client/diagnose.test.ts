import { describe, expect, it, vi } from 'vitest';
import { diagnose } from '../../src/client/hosts/diagnose.ts';
import { otherHost, type Wanted } from '../../src/client/hosts/other-host.ts';
import type { UserId } from '../../src/protocol/ids.ts';

const configuration = { user: 'ada' as UserId, server: 'https://app.test', path: '/socket.io' };

describe('why a worker does not start', () => {
  const answer = (status: number, type: string | null) => ({
    page: 'https://app.test/board',
    forbidden: false,
    fetch: async () => ({
      ok: status === 200,
      status,
      headers: new Headers(type ? { 'content-type': type } : {}),
    }),
  });
  it.each([
    ['/w.js', answer(404, null), 'answered 404'],
    [
      '/w.js',
      answer(200, 'text/html; charset=utf-8'),
      'got text/html; charset=utf-8: your development server answered its index page',
    ],
    ['/w.js', answer(200, 'text/plain'), 'got text/plain'],
    ['https://cdn.test/w.js', answer(200, 'text/javascript'), 'cross-origin'],
    ['/w.js', { ...answer(200, 'text/javascript'), forbidden: true }, "add worker-src 'self'"],
    ['/w.js', answer(200, 'text/javascript'), 'did not start: SyntaxError'],
    [
      '/w.js',
      { ...answer(200, null), fetch: () => Promise.reject(new TypeError('offline')) },
      'cannot be fetched',
    ],
  ])('[HS16] is found out and said: %s %# → %s', async (url, diagnosis, said) => {
    expect(await diagnose(url, 'SyntaxError', diagnosis)).toContain(said);
  });

  it('[HS16] is said also where the browser does not say it', async () => {
    expect(await diagnose('/w.js', '', answer(200, 'text/javascript'))).toContain('could not be loaded');
  });

  it('[HS16] is logged as one warning, but not where no worker was asked for', async () => {
    const logged: unknown[] = [];
    const log = (...all: unknown[]) => logged.push(all);
    const hub = { attach: () => undefined, close: async () => undefined };
    vi.stubGlobal('location', { href: 'https://app.test/board' });
    const wanted: Wanted = {
      host: 'auto',
      configuration,
      url: 'https://cdn.test/w.js',
      what: 'SyntaxError',
      forbidden: false,
      shared: null,
    };
    await otherHost(wanted, log, () => hub);
    await otherHost({ ...wanted, host: 'page', what: null }, log, () => hub);
    vi.unstubAllGlobals();
    const warnings = logged.filter((all) => (all as unknown[])[1] === 'no-worker');
    expect(warnings).toEqual([['warn', 'no-worker', { reason: expect.stringContaining('cross-origin') }]]);
  });
});
