import type { Attributes } from '../../protocol/attributes.ts';
import type { SyncOptions } from '../backbone.ts';
import { snapshot } from '../models/snapshot.ts';

/** What Backbone and Medulla themselves say by options, but for functions: it is told otherwise, or is nobody else's. */
const KNOWN =
  /^(xhr|context|attrs|data|url|wait|patch|parse|validate|silent|timeout|queue|force|cache|follow|where|medulla|add|merge|remove|reset|sort|at|index|unset|collection|model)$/;

/** What a call says beside that, as far as it is JSON: functions, cycles and files are left out. Undefined: nothing. */
export function saidIn(options: SyncOptions): Attributes | undefined {
  const said: Attributes = {};
  for (const [name, value] of Object.entries(options)) {
    if (value === undefined || typeof value === 'function' || KNOWN.test(name)) continue;
    try {
      Object.assign(said, snapshot({ [name]: value }, true));
    } catch {}
  }
  return Object.keys(said).length ? said : undefined;
}
