import type Backbone from 'backbone';
import { describe, expect, it } from 'vitest';
import { settle } from '../../../src/testing/virtual-clock.ts';
import { requestOf } from '../../client/support/backbone-request.ts';
import { followed } from '../../client/support/page.ts';

interface Heard {
  readonly textStatus: string;
  readonly errorThrown: { readonly code: string; readonly message: string };
}

describe('a request that failed', () => {
  it.each([
    ['error', 'invalid', 422],
    ['abort', 'abort', 0],
    ['timeout', 'timeout', 0],
  ])('[BB6] says %s where Backbone looks for it', async (text, code, status) => {
    const { hub, model, clock } = await followed({ n: 1 });
    const heard: unknown[][] = [];
    model.on('error', (...args: unknown[]) => heard.push(args));
    const request = requestOf(
      model.save({ n: 2 }, {
        timeout: 1_000,
        error: (...args: unknown[]) => heard.push(args),
      } as Backbone.ModelSaveOptions),
    );
    await settle();
    if (text === 'error') hub.refused(hub.mutation(0));
    else if (text === 'abort') request.abort();
    else await clock.advance(1_000);
    await settle();
    expect(heard.map(([first, second]) => [first, second])).toEqual([
      [model, request],
      [model, request],
    ]);
    const { textStatus, errorThrown } = (heard[0] as unknown[])[2] as Heard;
    expect([textStatus, errorThrown.code, request.status, request.state()]).toEqual([
      text,
      code,
      status,
      'rejected',
    ]);
    let late: unknown[] = [];
    request.fail((...args) => {
      late = args;
    });
    expect(late).toEqual([request, text, errorThrown]);
    await expect(request).rejects.toBe(errorThrown);
  });
});
