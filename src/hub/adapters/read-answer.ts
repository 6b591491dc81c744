import { fits, object, text } from '../../base/shape.ts';
import { type ErrorCode, isErrorCode, MedullaError } from '../../protocol/errors.ts';
import { type Answers, answers, refusedAnswer } from '../../protocol/server-down.ts';
import type { RequestName } from '../../protocol/server-up.ts';
import type { LinkEnd } from '../connection.ts';

/** The server's answer to a request, whichever way it came. Throws a MedullaError: with its own code where it refused. */
export function readAnswer<K extends RequestName>(name: K, answer: unknown): Answers[K] {
  if (fits(refusedAnswer, answer)) {
    const { code, message, after, details } = answer.refused;
    throw new MedullaError(codeOf(code), message, { details: after === undefined ? details : { after } });
  }
  const problem = answers[name].problem(answer, '');
  if (problem) throw new MedullaError('bad-message', `The answer to ${name} does not parse: ${problem}`);
  return answer as Answers[K];
}

const refusal = object({ code: text(), message: text() });
const codeOf = (code: string): ErrorCode => (isErrorCode(code) ? code : 'internal');

/** What the server said where it refused the connection; undefined where it was not the server who spoke. */
export function refusalIn(said: unknown): LinkEnd | undefined {
  if (!fits(refusal, said)) return undefined;
  return { type: 'refused', code: codeOf(said.code), message: said.message };
}

export const lost = (reason: string): LinkEnd => ({ type: 'lost', reason });
export const badWelcome = (problem: string): LinkEnd => ({
  type: 'refused',
  code: 'bad-message',
  message: `Cannot read the server's welcome: ${problem}`,
});
export const unreachable = () => new MedullaError('unreachable', 'The connection to the server is not open');
