import type { Mark, Told } from '../words.ts';

interface Request extends PromiseLike<unknown> {
  readonly status: number;
  readonly responseJSON?: { readonly code?: string };
}

/** The requests of this page, until each is answered. */
export function requests(tell: (told: Told) => void) {
  const open = new Set<Mark>();
  return {
    waiting: () => [...open],
    follow(mark: Mark, made: unknown, failed: (code: string) => void): void {
      // What Backbone itself does not send.
      if (!made) {
        tell({ type: 'answered', mark, status: -1, code: 'nothing to do' });
        return;
      }
      const request = made as Request;
      open.add(mark);
      const answered = (code: string) => {
        open.delete(mark);
        tell({ type: 'answered', mark, status: request.status, code });
      };
      request.then(
        () => answered(''),
        () => {
          const code = request.responseJSON?.code ?? '?';
          failed(code);
          answered(code);
        },
      );
    },
  };
}
