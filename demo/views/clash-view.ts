import { element } from '../dom/element.ts';

/** Two have changed the same: who, what they made of it, and the choice between both. */
export function clashView(
  who: string,
  mark: string,
  lines: readonly string[],
  [mine, theirs]: [string, string],
) {
  const [line, ...more] = lines;
  return element(
    'div',
    { class: 'clash', role: 'status' },
    element('span', { class: 'clash-who', 'aria-hidden': 'true' }, mark),
    element('p', {}, element('b', {}, who), ` ${line}`, ...more.map((each) => `, and ${each}`), '.'),
    element(
      'div',
      { class: 'clash-choice' },
      element('button', { class: 'button is-main clash-mine', type: 'button' }, mine),
      element('button', { class: 'button clash-theirs', type: 'button' }, theirs),
    ),
  );
}
