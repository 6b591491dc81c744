const PASSING: ReadonlySet<string> = new Set(['retry', 'rate', 'internal', 'gone', 'timeout']);

/** Whether the refusal passes by itself; `gone`: the server has another database than the one that a snapshot was begun in. */
export const isPassing = (code: string): boolean => PASSING.has(code);
