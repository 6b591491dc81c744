import type { Request } from '../calls/request.ts';

/** How a batch has been answered: 200 = all of it is applied, 202 = all of it is safe here, and will be sent. */
export interface Batched {
  readonly status: 200 | 202;
}

/** One answer for requests that stand or fall together. Rejects with what the one says that was to blame. */
export const outcomeOf = (requests: readonly Request[]): Promise<Batched> =>
  new Promise((resolve, reject) => {
    let left = requests.length;
    let status: Batched['status'] = left ? 202 : 200;
    let why: { readonly code: string } | undefined;
    if (!left) resolve({ status });
    for (const request of requests) {
      request.done(() => {
        if (request.status !== 202) status = 200;
      });
      request.fail((_request, _text, error) => {
        if (!why || why.code === 'batch') why = error as typeof why;
      });
      request.always(() => {
        left -= 1;
        if (left) return;
        if (why) reject(why);
        else resolve({ status });
      });
    }
  });
