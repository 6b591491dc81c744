import { either, literal, messages, nothing, number, object, text } from '../../base/shape.ts';
import { hubConfiguration } from '../hub-configuration.ts';
import type { Boot } from '../ids.ts';

/** What a service worker is told that is a host; by the side of what the application itself says to it. */
export const serviceUp = messages({
  /** A page wants a hub on the port that comes with it. `dead`: it found this one dead, or deposed. */
  'medulla-join': { configuration: hubConfiguration, dead: either(text<Boot>(), nothing) },
  /** A page is still there. */
  'medulla-stay': {},
});

/** The first answer to a page that wants a hub, on its port. */
export const joined = object({ type: literal('medulla-joined'), protocol: number });
