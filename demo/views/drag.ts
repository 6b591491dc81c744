import { DragGhost } from './drag-ghost.ts';

/** Mouse: how far it must go, in pixels, before it carries. Touch: how long it must rest, in milliseconds: else it scrolls. */
const REACH = 5;
const REST = 220;

interface Drag {
  begun(): void;
  /** `list` null = put back. `previous` = the card above the place, null = none. */
  ended(cid: string, list: string | null, previous: string | null): void;
}

/**
 * Carries cards with mouse, pen or finger. The card's own element moves through the columns as the preview; what it
 * means is told once, at the end.
 */
export function followPointer(root: HTMLElement, drag: Drag): void {
  root.addEventListener('pointerdown', (down) => {
    const card = (down.target as Element).closest<HTMLElement>('.card');
    if (!card || down.button !== 0 || !down.isPrimary) return;
    if ((down.target as Element).closest('.tick, .card-editor, .card-refusal') || card.matches('.is-editing'))
      return;
    carry(root, card, down, drag);
  });
}

function carry(root: HTMLElement, card: HTMLElement, down: PointerEvent, drag: Drag): void {
  const ended = new AbortController();
  const { signal } = ended;
  const home = placeOf(card);
  let ghost: DragGhost | undefined;
  const byTouch = down.pointerType === 'touch';
  const rest = byTouch ? setTimeout(() => lift(), REST) : undefined;

  const lift = (): void => {
    ghost = new DragGhost(card, root, down);
    drag.begun();
    if (byTouch) navigator.vibrate?.(8);
  };
  const end = (kept: boolean): void => {
    clearTimeout(rest);
    ended.abort();
    if (!ghost) return;
    ghost.remove();
    swallowClick();
    const { list, previous } = placeOf(card);
    const stayed = list === home.list && previous === home.previous;
    drag.ended(card.dataset.cid ?? '', kept && !stayed ? list : null, previous);
  };

  window.addEventListener(
    'pointermove',
    (move) => {
      if (move.pointerId !== down.pointerId) return;
      const far = Math.hypot(move.clientX - down.clientX, move.clientY - down.clientY) > REACH;
      if (!ghost && far) {
        if (byTouch) return end(false);
        lift();
      }
      ghost?.moveTo(move.clientX, move.clientY);
    },
    { signal },
  );
  window.addEventListener('pointerup', () => end(true), { signal });
  window.addEventListener('pointercancel', () => end(false), { signal });
  window.addEventListener('keydown', (key) => key.key === 'Escape' && end(false), { signal });
  // A finger that carries must not scroll, and a long press must not open a menu.
  window.addEventListener('touchmove', (touch) => ghost && touch.preventDefault(), {
    signal,
    passive: false,
  });
  window.addEventListener('contextmenu', (menu) => ghost && menu.preventDefault(), { signal });
}

/** In which list, and below which card. */
function placeOf(card: HTMLElement): { list: string | null; previous: string | null } {
  const list = card.closest<HTMLElement>('.list')?.dataset.list ?? null;
  const above = card.previousElementSibling;
  return { list, previous: above instanceof HTMLElement ? (above.dataset.cid ?? null) : null };
}

/** The click that follows the release would open the card. */
function swallowClick(): void {
  const swallowed = new AbortController();
  const swallow = (click: Event): void => {
    click.stopPropagation();
    click.preventDefault();
    swallowed.abort();
  };
  window.addEventListener('click', swallow, { capture: true, signal: swallowed.signal });
  setTimeout(() => swallowed.abort());
}
