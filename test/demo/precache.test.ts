import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { filled, shellEntries } from '../../demo/precache.ts';

it('[SW1] fills the placeholder with the list', () => {
  const text = filled('start(self.__WB_MANIFEST ?? []);', [{ url: '/a$&.js', revision: null }]);
  expect(text).toBe('start([{"url":"/a$&.js","revision":null}] ?? []);');
});

it.each(['start([]);', 'f(self.__WB_MANIFEST); g(self.__WB_MANIFEST);'])(
  '[SW1] refuses a service worker without one placeholder: %s',
  (text) => expect(() => filled(text, [])).toThrow('exactly one self.__WB_MANIFEST'),
);

it('[SW2] lists the files of the page; only those with stable names have a revision, of their content', () => {
  const out = mkdtempSync(join(tmpdir(), 'medulla-demo-'));
  mkdirSync(join(out, 'assets'));
  const write = (name: string, text: string) => writeFileSync(join(out, name), text);
  write('index.html', 'one');
  write('service-worker.js', '');
  write('assets/index-abc.js', '');
  write('assets/index-abc.js.map', '');
  const before = shellEntries(out);
  expect(before).toEqual([
    { url: '/assets/index-abc.js', revision: null },
    { url: '/index.html', revision: expect.stringMatching(/^[0-9a-f]{20}$/) },
  ]);
  expect(shellEntries(out, '/app/').map(({ url }) => url)).toEqual([
    '/app/assets/index-abc.js',
    '/app/index.html',
  ]);
  write('index.html', 'two');
  expect(shellEntries(out)[1]).not.toEqual(before[1]);
});
