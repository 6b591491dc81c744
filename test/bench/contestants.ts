/** `sqlite` is Medulla with the SQLite store in place of the memory store. */
export const CONTESTANTS = ['limit', 'rival', 'medulla', 'sqlite'] as const;
export type ContestantName = (typeof CONTESTANTS)[number];

export const pageOf = (name: ContestantName): string => (name === 'sqlite' ? 'medulla' : name);
