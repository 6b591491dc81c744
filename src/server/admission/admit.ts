import { fits, number, object, parse } from '../../base/shape.ts';
import { MedullaError } from '../../protocol/errors.ts';
import { ANONYMOUS, type UserId } from '../../protocol/ids.ts';
import { handshake } from '../../protocol/server-up.ts';
import { PROTOCOL } from '../../protocol/version.ts';
import { isRefusal } from '../resource/refusal.ts';
import type { RequestInfo } from '../resource/session-info.ts';
import { checkNames } from '../session/names.ts';
import type { Admission, Identity } from './admission.ts';

/** What `authenticate` goes by. `user` is who the client says it is: proof it is not. */
export interface Credentials extends RequestInfo {
  readonly token: string | null;
  readonly user: UserId;
  readonly device: string;
}

export type Authenticate = (credentials: Credentials) => Identity | Promise<Identity>;

/** Checks a handshake. Throws a MedullaError: `protocol`, `old-server`, `bad-message`, `unauthorized`, `wrong-user`, `retry`. */
export async function admit(
  message: unknown,
  request: RequestInfo,
  authenticate: Authenticate | undefined,
  now: number,
): Promise<Omit<Admission, 'number' | 'who' | 'asked'>> {
  const spoken = fits(object({ protocol: number }), message) ? message.protocol : PROTOCOL;
  if (spoken !== PROTOCOL) {
    const both = `The server speaks protocol ${PROTOCOL}, and the client ${spoken}`;
    if (spoken > PROTOCOL)
      throw new MedullaError('old-server', `${both}: the server has not been deployed yet.`);
    throw new MedullaError('protocol', `${both}: reload the page.`);
  }
  const { user: claimed, token, device } = parse(handshake, message);
  checkNames({ user: claimed, device });
  const identity = authenticate
    ? await identify(authenticate, { ...request, token, user: claimed, device })
    : ANONYMOUS;
  const user = String(typeof identity === 'object' ? identity.user : identity) as UserId;
  if (user !== claimed)
    throw new MedullaError('wrong-user', wrongUser(user, claimed, authenticate !== undefined));
  const { until = Number.POSITIVE_INFINITY } = typeof identity === 'object' ? identity : {};
  // What is no number lets nobody in: a token's end that was read wrongly must not make it endless.
  if (typeof until !== 'number' || !(until > now))
    throw new MedullaError('unauthorized', 'What the client showed has expired: it is asked for another.');
  return { user, device, token, identity, until, request };
}

/** The application's code has failed at it. */
export const notTold = (cause: unknown): MedullaError =>
  new MedullaError(
    'retry',
    'The server could not tell who this is now, and says in its log why: it is tried again.',
    { cause },
  );

async function identify(authenticate: Authenticate, credentials: Credentials) {
  let identity: Identity;
  try {
    identity = await authenticate(credentials);
  } catch (error) {
    if (isRefusal(error)) throw new MedullaError('unauthorized', error.message, { cause: error });
    throw notTold(error);
  }
  if (identity === null || identity === undefined)
    throw new MedullaError(
      'unauthorized',
      'The server does not know who this is: sign in again, or look at what auth() gives and authenticate makes of it.',
    );
  return identity;
}

function wrongUser(user: UserId, claimed: UserId, isAsked: boolean): string {
  if (!isAsked)
    return `The client is '${claimed}', but the server knows nobody: give createServer an authenticate function.`;
  return `The client is '${claimed}', but the server knows it as '${user}': connect as that user, or sign in again.`;
}
