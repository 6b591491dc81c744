import { describe, expect, it } from 'vitest';
import { connectStyle } from '../../../src/server.ts';
import { openBackend, type Page, write } from './open-backend.ts';

const rows = ({ world }: Page) => world.server.rows('/messages');

describe('the request', () => {
  it('[IO-19] [IO-22] has what middleware of the other kind has made of the write meanwhile, and takes none of it back', async () => {
    const seen: unknown[] = [];
    const look = connectStyle((request, _response, next) => {
      seen.push(structuredClone(request.model));
      (request.model as { looks: number }).looks = seen.length;
      next();
    });
    const page = await openBackend((backend) =>
      backend
        .use(look)
        .use('update', async (ctx, next) => {
          ctx.set.by = 'ada';
          (ctx.set.tags as string[]).push('new');
          await next();
        })
        .use(look)
        .use(look),
    );
    await write(page, { id: 1, tags: ['a'] });
    const later = { id: 1, tags: ['a', 'new'], by: 'ada' };
    expect(seen).toEqual([
      { id: 1, tags: ['a'] },
      { ...later, looks: 1 },
      { ...later, looks: 2 },
    ]);
    expect(await rows(page)).toEqual([{ ...later, looks: 3 }]);
  });

  it('[IO-20] takes an id for the same as text and as a number', async () => {
    const page = await openBackend((backend) =>
      backend.update(connectStyle((_request, response) => response.end({ id: 1, rank: 1 }))),
    );
    await write(page, { id: '1', title: 'a' });
    expect(await rows(page)).toEqual([{ id: '1', title: 'a', rank: 1 }]);
  });
});
