import { ANONYMOUS, type UserId } from '../../protocol/ids.ts';
import { codedError } from '../coded-error.ts';

/** Whose the writes are; null and undefined are nobody in particular. */
export type UserName = string | number | null | undefined;

/** The name itself, or what gives it, sooner or later. */
export type UserOption = UserName | Promise<UserName> | (() => UserName | Promise<UserName>);

/** Throws where it is no name. */
export function userIdOf(name: unknown): UserId {
  if (name !== null && name !== undefined && typeof name !== 'string' && typeof name !== 'number')
    throw codedError('bad-option', `Cannot take this as a user: current value is ${typeof name}`);
  return String(name ?? ANONYMOUS) as UserId;
}

/** Gives the name at once, or to `known` and `failed`, one of them, later. */
export function askUser(
  option: UserOption,
  known: (user: UserId) => void,
  failed: (error: unknown) => void,
): UserId | undefined {
  if (typeof option !== 'function' && !(option instanceof Promise)) return userIdOf(option);
  Promise.resolve()
    .then(() => (typeof option === 'function' ? option() : option))
    .then(userIdOf)
    .then(known, failed);
  return undefined;
}
