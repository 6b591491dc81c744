import { element } from '../dom/element.ts';
import { NativeView } from '../dom/native-view.ts';

export interface ToastAction {
  readonly label: string;
  act(): unknown;
}

/** Tells the person something in passing. `stay` = until it is dismissed or acted on. */
export type Say = (text: string, action?: ToastAction, stay?: 'stay') => void;

const SHOWN_FOR = 7_000;

export class ToastsView extends NativeView {
  constructor(el: HTMLElement) {
    super({ el });
  }

  say: Say = (text, action, stay) => {
    const toast = element('div', { class: 'toast' }, element('p', {}, text));
    const away = (): void => toast.remove();
    if (action) {
      const button = element('button', { class: 'link', type: 'button' }, action.label);
      button.addEventListener('click', () => {
        away();
        action.act();
      });
      toast.append(button);
    }
    const dismiss = element('button', { class: 'round', type: 'button', 'aria-label': 'Dismiss' }, '×');
    dismiss.addEventListener('click', away);
    toast.append(dismiss);
    this.el.append(toast);
    while (this.el.children.length > 3) this.el.firstElementChild?.remove();
    if (!stay) setTimeout(away, SHOWN_FOR);
  };
}
