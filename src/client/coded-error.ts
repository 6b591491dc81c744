import type { ErrorCode } from '../protocol/errors.ts';

/** An Error as the application is to meet it: `code` says what is wrong to a program, `message` to a person. */
export const codedError = (code: ErrorCode | (string & {}), message: string, more?: object) =>
  Object.assign(new Error(message), { code, ...more });
