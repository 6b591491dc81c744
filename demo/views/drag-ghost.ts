/** How near an edge, in pixels, the pointer scrolls what lies there, and how fast at the very edge, in pixels a frame. */
const EDGE = 56;
const SPEED = 14;

/** The picture of a card under the pointer; it moves the card itself to where it would land. */
export class DragGhost {
  readonly #card: HTMLElement;
  readonly #root: HTMLElement;
  readonly #picture: HTMLElement;
  readonly #grip: { readonly x: number; readonly y: number };
  #x: number;
  #y: number;
  #frame = 0;

  constructor(
    card: HTMLElement,
    root: HTMLElement,
    at: { readonly clientX: number; readonly clientY: number },
  ) {
    const box = card.getBoundingClientRect();
    this.#card = card;
    this.#root = root;
    this.#grip = { x: at.clientX - box.left, y: at.clientY - box.top };
    this.#x = at.clientX;
    this.#y = at.clientY;
    this.#picture = card.cloneNode(true) as HTMLElement;
    this.#picture.classList.add('is-ghost');
    this.#picture.setAttribute('aria-hidden', 'true');
    this.#picture.style.width = `${box.width}px`;
    document.body.append(this.#picture);
    card.classList.add('is-carried');
    root.classList.add('is-dragging');
    this.#step();
  }

  moveTo(x: number, y: number): void {
    this.#x = x;
    this.#y = y;
  }

  remove(): void {
    cancelAnimationFrame(this.#frame);
    this.#picture.remove();
    this.#card.classList.remove('is-carried');
    this.#root.classList.remove('is-dragging');
  }

  #step = (): void => {
    this.#picture.style.translate = `${this.#x - this.#grip.x}px ${this.#y - this.#grip.y}px`;
    const list = this.#listBelow();
    const rows = list?.querySelector<HTMLElement>('.cards');
    if (rows) this.#land(rows);
    this.#scroll(rows);
    this.#frame = requestAnimationFrame(this.#step);
  };

  #listBelow(): HTMLElement | undefined {
    for (const list of this.#root.querySelectorAll<HTMLElement>('.list')) {
      const { left, right } = list.getBoundingClientRect();
      if (this.#x >= left - 8 && this.#x <= right + 8) return list;
    }
    return undefined;
  }

  /** Puts the card ahead of the first one whose middle is below the pointer. */
  #land(rows: HTMLElement): void {
    let next: Element | null = null;
    for (const row of rows.children) {
      if (row === this.#card) continue;
      const { top, height } = row.getBoundingClientRect();
      if (this.#y < top + height / 2) {
        next = row;
        break;
      }
    }
    const stays = this.#card.parentElement === rows && this.#card.nextElementSibling === next;
    if (!stays) rows.insertBefore(this.#card, next);
  }

  #scroll(rows: HTMLElement | null | undefined): void {
    const board = this.#root.getBoundingClientRect();
    this.#root.scrollLeft += pull(this.#x, board.left, board.right);
    if (!rows) return;
    const { top, bottom } = rows.getBoundingClientRect();
    rows.scrollTop += pull(this.#y, top, bottom);
  }
}

/** Harder the nearer the edge: on a phone the edge is never far. */
function pull(at: number, start: number, end: number): number {
  const depth = Math.max(start + EDGE - at, at - (end - EDGE), 0);
  const speed = (SPEED * Math.min(depth, EDGE)) / EDGE;
  return at < (start + end) / 2 ? -speed : speed;
}
