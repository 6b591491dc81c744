import { number, type Of, object, text } from '../base/shape.ts';
import type { UserId } from './ids.ts';

/**
 * What a hub is made for. As JSON it is the SharedWorker's name, so that the same configuration finds the same hub.
 * `server`: the Socket.IO server's origin; `path`: Socket.IO's; `slot` is raised to get past a hub that is dead.
 */
export const hubConfiguration = object({ user: text<UserId>(), server: text(), path: text(), slot: number });
export type HubConfiguration = Of<typeof hubConfiguration>;
