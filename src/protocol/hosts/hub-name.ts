import type { HubConfiguration } from '../hub-configuration.ts';

/** Names the hub of a configuration, and its database: another dialect has others, what else is said of it has not. */
export const hubName = ({ server, path, dialect, user }: Omit<HubConfiguration, 'slot'>): string =>
  `${server}${path}${dialect ? `!${dialect.name}` : ''}:${user}`;
