import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const modules = join(import.meta.dirname, '../../../node_modules');
const text = (path: string) => readFileSync(join(modules, path), 'utf8');

/** The scripts of which the combinations are made: each as it is published. */
export const BACKBONES: Readonly<Record<string, string>> = {
  '1.1.2': text('backbone-1.1.2/backbone.js'),
  '1.2.3': text('backbone-1.2.3/backbone.js'),
  '1.3.3': text('backbone-1.3.3/backbone.js'),
  '1.4.1': text('backbone-1.4.1/backbone.js'),
  '1.5.0': text('backbone-1.5.0/backbone.js'),
  '1.6.1': text('backbone/backbone.js'),
};
export const LIBRARIES: Readonly<Record<string, string>> = {
  Underscore: text('underscore/underscore-umd.js'),
  Lodash: text('lodash/lodash.js'),
};
export const JQUERIES: Readonly<Record<string, string>> = {
  'no jQuery': '',
  'jQuery 3': text('jquery/dist/jquery.js'),
  'jQuery 4': text('jquery-4/dist/jquery.js'),
};
