import type Backbone from 'backbone';
import { describeConnection } from '../board/describe-connection.ts';
import { NativeView } from '../dom/native-view.ts';

/** In the header: how the line is, the switch that takes it down and up, and trying again at once. */
export class LineView extends NativeView<Backbone.Model> {
  readonly #setLine: (open: boolean) => unknown;

  constructor(el: HTMLElement, status: Backbone.Model, setLine: (open: boolean) => unknown) {
    super({ el, model: status, events: { 'click .line': 'flip', 'click .line-again': 'tryAgain' } });
    this.#setLine = setLine;
    this.listenTo(status, 'change', this.render);
    this.render();
  }

  override render(): this {
    const { connection, reason, pending, attempts } = this.model.attributes;
    const words = describeConnection({
      connection,
      reason: reason ?? null,
      pending: pending ?? 0,
      switchedOff: this.#down,
      attempts: attempts ?? 0,
    });
    this.el.dataset.tone = words.tone;
    this.el.title = `${words.sentence}\n${this.#down ? 'Click to take the line up.' : 'Click to take the line down and see.'}`;
    this.part('line').setAttribute('aria-checked', String(!this.#down));
    this.part('line-label').textContent = words.label;
    this.#offer(words.again);
    document.documentElement.dataset.line = words.tone;
    return this;
  }

  flip(): void {
    this.#setLine(this.#down);
  }

  tryAgain(): void {
    this.#setLine(true);
  }

  #offer(again: string | undefined): void {
    const button = this.part('line-again');
    // Who pressed it is not to lose their place when it has done its work.
    if (again === undefined && button === document.activeElement) this.part('line').focus();
    button.hidden = again === undefined;
    button.textContent = again ?? '';
  }

  /** The hub says `closed` only where somebody asked for it. */
  get #down(): boolean {
    return this.model.get('connection') === 'closed';
  }
}
