import type { UserId } from '../../protocol/ids.ts';

/** Whose a database is, and the server that its writes are for. */
export interface DatabaseOwner {
  readonly user: UserId;
  readonly server: string;
  readonly path: string;
}

/** The name says all that a hub has to know to send what is in it, with no page there to ask. */
export const databaseName = ({ server, path, user }: DatabaseOwner): string =>
  `medulla:${server}${path}:${user}`;

/** Null = it is none of ours. */
export function ownerOf(name: string): DatabaseOwner | null {
  const [, server, path, user] = /^medulla:(https?:\/\/[^/]+)(\/[^:]*):(.*)$/s.exec(name) ?? [];
  return server && path && user !== undefined ? { server, path, user: user as UserId } : null;
}
