import type Backbone from 'backbone';
import { describeConnection } from '../board/describe-connection.ts';
import { NativeView } from '../dom/native-view.ts';

/** The switch in the header: how the line is, and taking it down and up. */
export class LineView extends NativeView<Backbone.Model> {
  readonly #setLine: (open: boolean) => unknown;

  constructor(el: HTMLElement, status: Backbone.Model, setLine: (open: boolean) => unknown) {
    super({ el, model: status, events: { click: 'flip' } });
    this.#setLine = setLine;
    this.listenTo(status, 'change', this.render);
    this.render();
  }

  override render(): this {
    const { connection, reason, pending } = this.model.attributes;
    const words = describeConnection({
      connection,
      reason: reason ?? null,
      pending: pending ?? 0,
      switchedOff: this.#down,
    });
    this.el.dataset.tone = words.tone;
    this.el.title = `${words.sentence}\n${this.#down ? 'Click to take the line up.' : 'Click to take the line down and see.'}`;
    this.el.setAttribute('aria-checked', String(!this.#down));
    this.part('line-label').textContent = words.label;
    document.documentElement.dataset.line = words.tone;
    return this;
  }

  flip(): void {
    this.#setLine(this.#down);
  }

  /** The hub says `closed` only where somebody asked for it. */
  get #down(): boolean {
    return this.model.get('connection') === 'closed';
  }
}
