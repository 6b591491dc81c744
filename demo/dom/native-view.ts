import Backbone from 'backbone';

/** A Backbone view on plain DOM: it needs no jQuery. `el` is an element, never a selector. */
export class NativeView<M extends Backbone.Model | undefined = undefined> extends Backbone.View<M> {
  // Declared only: Backbone delegates events in its constructor, before fields of ours would be there.
  declare private listening: AbortController | undefined;

  override delegate(name: string, selector: string, listener: (event: never) => void): this {
    this.listening ??= new AbortController();
    const handle = (event: Event): void => {
      const hit =
        selector === '' || !(event.target instanceof Element) ? this.el : event.target.closest(selector);
      if (this.el.contains(hit)) listener(event as never);
    };
    // Focus events do not bubble: they are met on their way down.
    const capture = name === 'focus' || name === 'blur' || name === 'toggle';
    this.el.addEventListener(name, handle, { capture, signal: this.listening.signal });
    return this;
  }

  override undelegateEvents(): this {
    this.listening?.abort();
    this.listening = undefined;
    return this;
  }

  protected override _setElement(el: HTMLElement): void {
    this.el = el;
  }

  protected override _removeElement(): void {
    this.el.remove();
  }

  protected override _setAttributes(attributes: Record<string, string>): void {
    for (const [name, value] of Object.entries(attributes))
      if (value !== undefined) this.el.setAttribute(name === 'className' ? 'class' : name, value);
  }

  /** The element of this view that has the class. */
  protected part<E extends HTMLElement = HTMLElement>(name: string): E {
    const found = this.el.querySelector<E>(`.${name}`);
    if (!found) throw new Error(`Cannot find the part .${name} of a view`);
    return found;
  }
}
