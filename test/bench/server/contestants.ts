/**
 * `plain` is Socket.IO as it comes, with rooms; `medulla`, `sqlite` and `postgres` are Medulla over its three stores;
 * `bare-…` are the statements of such a store, or its Maps, and nothing else: no wire, no judgement, no look at what is there.
 */
export const CONTESTANTS = [
  'plain',
  'medulla',
  'bare-memory',
  'sqlite',
  'bare-sqlite',
  'postgres',
  'bare-postgres',
] as const;
export type ServerContestant = (typeof CONTESTANTS)[number];

export const isBare = (name: ServerContestant): boolean => name.startsWith('bare-');

export const needsPostgres = (name: ServerContestant): boolean => name.endsWith('postgres');
