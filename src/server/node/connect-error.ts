import { MedullaError } from '../../protocol/errors.ts';

/** What the client gets as its `connect_error`. */
export function connectError(error: unknown): Error {
  const known = error instanceof MedullaError ? error : new MedullaError('retry', 'The server failed.');
  const { code, message } = known;
  return Object.assign(new Error(message), { data: { code, message } });
}
