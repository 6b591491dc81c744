import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { testMedulla } from '../../src/testing.ts';
import { freshBackbone } from '../support/fresh-backbone.ts';

const manual = readFileSync(join(import.meta.dirname, '../../README.md'), 'utf8');
const [, section = ''] = manual.split('\n## Testing your application\n');
const [, example = ''] = /```js\n([\s\S]*?)```/.exec(section) ?? [];
const names = ['Backbone', 'testMedulla', 'afterEach', 'beforeEach', 'expect', 'it'];

/** What the example imports is handed to it; the rest is run as it stands. */
const run = new Function(...names, example.replaceAll(/^import .*$/gm, ''));

describe('[TE7] the example of the manual', () => {
  it('[TE7] is there, with all its cases', () => {
    expect(example.match(/^it\(/gm)).toHaveLength(6);
  });

  run(freshBackbone(), testMedulla, afterEach, beforeEach, expect, it);
});
