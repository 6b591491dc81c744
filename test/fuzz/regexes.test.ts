import { dirname } from 'node:path';
import { describe, expect, it } from 'vitest';
import { slowest } from './attacks-on.ts';
import { regexesIn } from './regexes-in.ts';

const root = dirname(dirname(import.meta.dirname));

/** Who writes what these are tried on, where that is nobody but the application itself. Browsers that know no look-behind are why they stay. */
const OWN: Readonly<Record<string, string>> = {
  'src/client/calls/address.ts': 'the urls of its own models',
  'src/hub/dialects/sockets/namespace.ts': 'the topics that its own pages follow',
};

const all = regexesIn(root, ['src', 'sw']);
const found = all.filter(({ file, regex }) => !(file in OWN && regex.source.endsWith('\\/+$')));

describe('a regular expression', () => {
  it('[HI11] is looked at wherever it stands in the source', () => {
    expect(all.length).toBeGreaterThan(30);
    expect(all.length - found.length).toBe(Object.keys(OWN).length);
  });

  it.each(found.map(({ file, regex }) => [String(regex), file, regex] as const))(
    '[HI11] reads a text about once, however it goes on and ends: %s of %s',
    { timeout: 60_000 },
    (_source, _file, regex) => {
      expect(slowest(regex)).toBeUndefined();
    },
  );

  it.each([/^(a+)+$/, /(x+x+)+y/, /\s+$/, /^(\w+\s?)*$/, /<.*>.*<\/.*>$/])(
    '[HI11] that does not is found out: %s',
    { timeout: 60_000 },
    (regex) => {
      expect(slowest(regex)).toBeDefined();
    },
  );
});
