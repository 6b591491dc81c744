import type { SessionInfo } from '../resource/session-info.ts';

/** Of a connection, what tells who is counted as one. */
export type Client = Pick<SessionInfo, 'user' | 'identity' | 'request'>;
export type Who = (client: Client) => string;
