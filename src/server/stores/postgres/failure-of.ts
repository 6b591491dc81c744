/**
 * What a failure of the database means for a transaction. `again`: another was in its way, and it is done again; `busy`: and stays there.
 * `gone`: the connection, or the database behind it, can do nothing for now. `refused`: what was asked cannot be done.
 */
export type Failure = 'again' | 'busy' | 'gone' | 'refused';

/** Classes of SQLSTATE, or whole ones, in which nothing is wrong with what was asked. */
const GONE = ['08', '53', '57P', '58', '25P', '25006'];

/** The database itself has answered with an error; the connection is still good. */
export function failureOf(error: unknown): Failure {
  if (!isAnswer(error)) return 'gone';
  const { code, table } = error;
  // Whose receipts are in the way: the same write, or its withdrawal, came over another connection.
  if (code.startsWith('40') || (code === '23505' && table === 'medulla_receipts')) return 'again';
  if (code === '55P03') return 'busy';
  return GONE.some((state) => code.startsWith(state)) ? 'gone' : 'refused';
}

interface Answer {
  readonly code: string;
  readonly table?: string | undefined;
}

/** An error that PostgreSQL has sent, not one of the socket's: those have codes as well, but no severity. */
const isAnswer = (error: unknown): error is Answer =>
  error instanceof Error && 'severity' in error && 'code' in error && typeof error.code === 'string';
