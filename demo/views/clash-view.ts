import { element } from '../dom/element.ts';

/** Two have changed the same: who, what they made of it, what was made of it here where that is not to be seen, and the choice. */
export function clashView(
  who: string,
  mark: string,
  lines: readonly string[],
  own: readonly string[],
  [mine, theirs]: [string, string],
) {
  return element(
    'div',
    { class: 'clash', role: 'status' },
    element('span', { class: 'clash-who', 'aria-hidden': 'true' }, mark),
    element(
      'p',
      {},
      element('b', {}, who),
      ` ${lines.join(', and ')}.`,
      ...(own.length > 0 ? [' ', element('b', {}, 'You'), ` ${own.join(', and ')}.`] : []),
    ),
    element(
      'div',
      { class: 'clash-choice' },
      element('button', { class: 'button is-main clash-mine', type: 'button' }, mine),
      element('button', { class: 'button clash-theirs', type: 'button' }, theirs),
    ),
  );
}
