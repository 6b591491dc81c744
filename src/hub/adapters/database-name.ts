import { hubName } from '../../protocol/hosts/hub-name.ts';
import type { HubConfiguration } from '../../protocol/hub-configuration.ts';
import type { UserId } from '../../protocol/ids.ts';

/** Whose a database is, and the server that its writes are for. */
export interface DatabaseOwner {
  readonly user: UserId;
  readonly server: string;
  readonly path: string;
}

/** The name says all that a hub has to know to send what is in it, with no page there to ask; but for a dialect's options. */
export const databaseName = (configuration: Omit<HubConfiguration, 'slot'>): string =>
  `medulla:${hubName(configuration)}`;

/** Null = it is none of ours, or a dialect's. */
export function ownerOf(name: string): DatabaseOwner | null {
  const [, server, path, user] = /^medulla:(https?:\/\/[^/]+)(\/[^:!]*):(.*)$/s.exec(name) ?? [];
  return server && path && user !== undefined ? { server, path, user: user as UserId } : null;
}
