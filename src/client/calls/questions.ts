import { codedError } from '../coded-error.ts';
import type { Addressed } from '../medulla.ts';
import { CLOSED } from '../sync.ts';
import type { Users } from '../users/users.ts';
import type { Question, Reads } from './reads.ts';

export interface QuestionsParts {
  readonly closed: boolean;
  readonly reads: Pick<Reads, 'question'>;
  readonly users: Pick<Users, 'out'>;
}

/** What is asked of the hub that is no read. It is read as JSON during the call. */
export function createQuestions(parts: QuestionsParts) {
  async function ask<T>(question: object): Promise<T> {
    if (parts.closed) throw codedError('abort', CLOSED);
    const { out } = parts.users;
    if (out) throw codedError(out.code, out.message);
    return parts.reads.question<T>(JSON.parse(JSON.stringify(question)) as Question);
  }
  return {
    export: <T>() => ask<T>({ type: 'export' }),
    import: <T>(items: unknown = null) => ask<T>({ type: 'import', items }),
    send(content: unknown = null, to?: Addressed) {
      const answer = ask({ type: 'send', content, to });
      answer.catch(() => undefined); // nobody has to be interested
      return answer;
    },
  };
}
