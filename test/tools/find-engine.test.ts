import { expect, it, vi } from 'vitest';
import { findEngine } from './find-engine.ts';
import { ownPath } from './own-path.ts';

const { place, program } = ownPath('ENGINES', 'FIREFOX', 'WEBKIT_DRIVER', 'MINI_BROWSER', 'XVFB');

it('[EN1] takes what the environment names before what is on the path', async () => {
  const usual = program('firefox-esr');
  expect(await findEngine('firefox')).toEqual({ programs: [usual] });
  const mine = program('mine');
  vi.stubEnv('MEDULLA_FIREFOX', mine);
  expect(await findEngine('firefox')).toEqual({ programs: [mine] });
  vi.stubEnv('MEDULLA_FIREFOX', place('nothing'));
  await expect(findEngine('firefox')).rejects.toThrow('MEDULLA_FIREFOX names no program');
});

it('[EN1] needs all programs of an engine', async () => {
  vi.stubEnv('MEDULLA_WEBKIT_DRIVER', program('driver'));
  vi.stubEnv('MEDULLA_MINI_BROWSER', program('browser'));
  expect(await findEngine('webkit')).toMatchObject({
    missing: expect.stringContaining('apt-get install webkit2gtk-driver xvfb xauth'),
  });
  vi.stubEnv('MEDULLA_XVFB', program('screen'));
  const programs = ['driver', 'browser', 'screen'].map(place);
  expect(await findEngine('webkit')).toEqual({ programs });
});

it('[EN1] skips what is missing and says how to get it', async () => {
  expect(await findEngine('firefox')).toEqual({
    missing: expect.stringMatching(
      /^it is not installed \(on Debian: apt-get install firefox-esr, or MEDULLA_/,
    ),
  });
});

it('[EN1] skips what the environment does not name, and says so where nothing can be installed', async () => {
  vi.stubEnv('MEDULLA_ENGINES', 'chromium,firefox');
  expect(await findEngine('webkit')).toEqual({ missing: 'MEDULLA_ENGINES names only chromium, firefox' });
  vi.spyOn(process, 'getuid').mockReturnValue(1000);
  expect(await findEngine('firefox')).toEqual({
    missing: expect.stringContaining('cannot be: only root may install packages'),
  });
});
