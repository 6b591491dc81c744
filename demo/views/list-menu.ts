import { element } from '../dom/element.ts';
import { icon } from '../dom/icon.ts';

/** The choices of a column, folded away. The board's view hears the clicks, by `data-do`. */
export function listMenu(): HTMLElement {
  const choice = (act: string, text: string): HTMLElement =>
    element('button', { type: 'button', 'data-do': act }, text);
  return element(
    'details',
    { class: 'menu' },
    element('summary', { class: 'round', 'aria-label': 'What to do with this list' }, icon('dots')),
    element(
      'div',
      { class: 'menu-choices' },
      choice('rename', 'Rename'),
      choice('left', 'Move left'),
      choice('right', 'Move right'),
      choice('delete', 'Delete list'),
    ),
  );
}
