import { expect, it, vi } from 'vitest';
import { findServer } from './find-server.ts';
import { ownPath } from './own-path.ts';

const { place, program } = ownPath('SERVERS', 'REDIS');

it('[PG1] takes what the environment names before what is on the path', () => {
  const usual = program('valkey-server');
  expect(findServer('redis')).toEqual({ programs: [usual] });
  vi.stubEnv('MEDULLA_REDIS', program('mine'));
  expect(findServer('redis')).toEqual({ programs: [place('mine')] });
});

it('[PG1] says how to get what is missing, and where it cannot be installed', () => {
  expect(findServer('redis')).toEqual({
    missing: expect.stringMatching(
      /^it is not installed \(on Debian: apt-get install redis-server, or MEDULLA_SERVERS=/,
    ),
  });
  vi.stubEnv('MEDULLA_SERVERS', 'postgres');
  expect(findServer('redis')).toEqual({ missing: 'MEDULLA_SERVERS names only postgres' });
  vi.stubEnv('MEDULLA_SERVERS', 'all');
  vi.spyOn(process, 'getuid').mockReturnValue(1000);
  expect(findServer('redis')).toEqual({
    missing: expect.stringContaining('cannot be: only root may install packages'),
  });
});
