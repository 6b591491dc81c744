import type { Attributes } from '../../protocol/attributes.ts';
import type { SyncOptions } from '../backbone.ts';
import { snapshot } from '../models/snapshot.ts';

/** What Backbone, jQuery and Medulla itself say by options, which is told otherwise or is nobody else's. */
const KNOWN =
  /^(success|error|complete|beforeSend|context|attrs|data|url|wait|patch|parse|validate|silent|xhr|timeout|async|ajaxSync|queue|force|cache|follow|where|medulla|add|merge|remove|reset|sort|at|index|unset|collection|model|type|dataType|contentType|processData)$/;

/** What a call says beside that, as far as it is JSON: functions, cycles and files are left out. Undefined: nothing. */
export function saidIn(options: SyncOptions): Attributes | undefined {
  const said: Attributes = {};
  for (const [name, value] of Object.entries(options)) {
    if (KNOWN.test(name)) continue;
    try {
      Object.assign(said, snapshot({ [name]: value }, true));
    } catch {}
  }
  return Object.keys(said).length ? said : undefined;
}
