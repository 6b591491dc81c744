import type { IncomingMessage } from 'node:http';
import { MedullaError } from '../../protocol/errors.ts';

/** The JSON that a request carries. Rejects with a MedullaError: `too-large`, `bad-message`, `unreachable` where its client hangs up. */
export async function readBody(request: IncomingMessage, bytes: number): Promise<unknown> {
  const tooLarge = () => new MedullaError('too-large', `A request may have ${bytes} bytes at most.`);
  if (Number(request.headers['content-length']) > bytes) throw tooLarge();
  const parts: Buffer[] = [];
  let size = 0;
  try {
    for await (const part of request) {
      size += part.length;
      if (size > bytes) throw tooLarge();
      parts.push(part);
    }
  } catch (cause) {
    if (cause instanceof MedullaError) throw cause;
    throw new MedullaError('unreachable', 'The request broke off.', { cause });
  }
  try {
    return JSON.parse(Buffer.concat(parts).toString('utf8'));
  } catch (cause) {
    throw new MedullaError('bad-message', `The body is no JSON: ${String(cause)}`, { cause });
  }
}
