import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type CarriedPort, carriedPort } from '../../../src/client/hosts/leader/carried-port.ts';
import type { ChannelLike } from '../../../src/client/hosts/leader/leader-parts.ts';

let names = 0;
let ends: CarriedPort[] = [];
let told: string[] = [];

function end(name: string, who: string): CarriedPort {
  const channel = new BroadcastChannel(name) as unknown as ChannelLike;
  const port = carriedPort(channel, {
    opened: (leader) => told.push(`${who} opened by ${leader}`),
    closed: () => told.push(`${who} closed`),
  });
  ends.push(port);
  return port;
}

beforeEach(() => {
  told = [];
  const name = `pair-${names++}`;
  ends = [];
  ends = [end(name, 'follower'), end(name, 'leader')];
});
afterEach(() => {
  for (const port of ends) port.close();
});

/** Resolves with the first `count` messages. */
const heard = (port: CarriedPort | undefined, count: number) =>
  new Promise<unknown[]>((resolve) => {
    const messages: unknown[] = [];
    port?.listen((message) => messages.push(message) === count && resolve(messages));
  });

describe('a carried port', () => {
  it('[LE5] delivers all that is posted in its order, both ways', async () => {
    const [a, b] = ends;
    const numbers = Array.from({ length: 500 }, (_, n) => n);
    const both = [heard(a, 500), heard(b, 500)];
    for (const n of numbers) {
      a?.post({ up: n });
      b?.post({ down: n });
    }
    expect(await Promise.all(both)).toEqual([
      numbers.map((down) => ({ down })),
      numbers.map((up) => ({ up })),
    ]);
  });

  it('[LE5] keeps what comes before somebody listens', async () => {
    const [a, b] = ends;
    a?.post('early');
    a?.opened('a');
    while (told.length === 0) await new Promise((resolve) => setImmediate(resolve));
    expect(told).toEqual(['leader opened by a']);
    expect(await heard(b, 1)).toEqual(['early']);
  });

  it('[LE5] tells the other end that it was closed, after all that was posted, and carries nothing more', async () => {
    const [a, b] = ends;
    const last = heard(b, 1);
    a?.post('last');
    a?.close();
    a?.close();
    a?.post('too late');
    expect(await last).toEqual(['last']);
    while (told.length === 0) await new Promise((resolve) => setImmediate(resolve));
    expect(told).toEqual(['leader closed']);
  });

  it('[LE5] throws to its sender what cannot be cloned', () => {
    expect(() => ends[0]?.post({ fn: () => undefined })).toThrow(/clone/);
  });
});
