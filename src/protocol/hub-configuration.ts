import { number, type Of, object, optional, type Shape, text } from '../base/shape.ts';
import { type Attributes, attributes } from './attributes.ts';
import type { UserId } from './ids.ts';

/** How the server is spoken to, where it is no Medulla: the dialect's name, and what else the application said of it. */
export type Dialect = Attributes & { readonly name: string };
const dialect: Shape<Dialect> = {
  text: 'dialect',
  problem: (value, path) => attributes.problem(value, path) ?? object({ name: text() }).problem(value, path),
};

/**
 * What a hub is made for. As JSON it is the SharedWorker's name, so that the same configuration finds the same hub.
 * `server`: the Socket.IO server's origin; `path`: Socket.IO's; `slot` is raised to get past a hub that is dead.
 */
export const hubConfiguration = object({
  user: text<UserId>(),
  server: text(),
  path: text(),
  slot: number,
  dialect: optional(dialect),
});
export type HubConfiguration = Of<typeof hubConfiguration>;
