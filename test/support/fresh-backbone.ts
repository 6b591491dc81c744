import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { Script } from 'node:vm';
import type Backbone from 'backbone';

type Loader = (module: { exports: unknown }, exports: unknown, require: (name: string) => unknown) => void;

const require = createRequire(import.meta.url);
const file = require.resolve('backbone');
const load = new Script(`(function (module, exports, require) {${readFileSync(file, 'utf8')}\n})`, {
  filename: file,
}).runInThisContext() as Loader;
const underscore: unknown = require('underscore');

/** A copy of the real Backbone of its own for each tab, as each page has one; without jQuery. */
export function freshBackbone(): typeof Backbone {
  const module = { exports: {} };
  load(module, module.exports, (name) => {
    if (name === 'underscore') return underscore;
    throw new Error(`there is no ${name} here`);
  });
  return module.exports as typeof Backbone;
}
