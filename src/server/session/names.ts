import { MedullaError } from '../../protocol/errors.ts';

/** Names longer than this are nobody's: ids, users, topics. In UTF-16 units. */
const MAX_NAME = 2_000;

/** Whether a name is too long, holds half of a surrogate pair or a NUL: a database would not give it back. */
export const badText = (name: string): boolean =>
  name.length > MAX_NAME || /\p{Surrogate}/u.test(name) || name.includes('\0');

/** Throws a MedullaError 'bad-message' where one of these is such a name. */
export function checkNames(names: Readonly<Record<string, string>>): void {
  const [bad] = Object.entries(names).find(([, name]) => badText(name)) ?? [];
  if (bad) throw new MedullaError('bad-message', `The ${bad} is too long, or no well-formed text.`);
}
