import { describe, it } from 'vitest';
import { feeder } from './feeder.ts';
import { FRAMES } from './targets.ts';

const fed = feeder(FRAMES.parsers, 'parsers', 'live changes', 'dialects');

describe('whatever comes over a boundary', { timeout: 300_000 }, () => {
  it.each(['parsers', 'live changes'])(
    '[HI1] is taken where the words of its shape allow it, and nowhere else, and nothing throws: %s',
    fed,
  );

  it('[HI6] from the server of a dialect is something that can be kept, or nothing', () => fed('dialects'));
});
