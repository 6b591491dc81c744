import type Backbone from 'backbone';
import type { Bridge, Decidable, Me, Standing } from './bridge.ts';
import type { Card, CardAttributes } from './card.ts';
import { Cards } from './cards.ts';
import { groupCards } from './group-cards.ts';
import { type List, Lists } from './lists.ts';
import { initials } from './names.ts';
import { People, type Person } from './people.ts';
import { placeIn } from './place-in.ts';
import { positionBetween } from './position.ts';

/** The board's records, and what people do with them. Views call it; it knows no view. */
export class Board {
  readonly lists = new Lists();
  readonly cards = new Cards();
  readonly people = new People();
  readonly bridge: Bridge;
  me: Me;

  /** The last write of each card in the outbox. */
  #kept = new Map<string, Backbone.Model>();
  #unsorted = false;

  constructor(bridge: Bridge, me: Me) {
    this.bridge = bridge;
    this.me = me;
    bridge.outbox.on('update change:state', () => this.#keep());
    this.#keep();
    this.cards.on('change:position', () => {
      this.#unsorted = true;
    });
  }

  /** All cards in order. However many have been moved since, ten thousand are sorted once. */
  sorted(): readonly Card[] {
    if (this.#unsorted) this.cards.sort({ silent: true });
    this.#unsorted = false;
    return this.cards.models;
  }

  /** The cards of one list, in order, whatever is being searched for. */
  row(list: string): readonly Card[] {
    const ids = this.lists.map((each) => String(each.id));
    return groupCards(this.sorted(), ids, '').get(list) ?? [];
  }

  /** On top of the list, where it is seen at once. */
  addCard(list: string, title: string): Card {
    const position = placeIn(this.row(list), null, null);
    return this.#anew({ list, position, title, note: '', done: false });
  }

  /** One write of one card. */
  moveCard(card: Card, list: string, previous: Card | null): void {
    const position = placeIn(this.row(list), card, previous);
    this.change(card, { list, position });
  }

  /** What somebody else has deleted meanwhile comes back as a new card. */
  change(card: Card, attributes: Partial<CardAttributes>): void {
    if (this.cards.get(card.cid)) card.save(attributes);
    else this.#anew({ ...(card.toJSON() as CardAttributes), ...attributes });
  }

  /** Hands back what brings it back: as a new card, since the old one's end is on its way. */
  deleteCard(card: Card): () => Card {
    const attributes = card.toJSON() as CardAttributes;
    card.destroy();
    return () => this.#anew(attributes);
  }

  #anew({ id: _, ...attributes }: Omit<CardAttributes, 'by'>): Card {
    return this.cards.create({ ...attributes, by: this.me.id });
  }

  addList(title: string): List {
    const last = this.lists.last();
    const position = positionBetween(last ? String(last.get('position')) : null, null);
    return this.lists.create({ title, position });
  }

  /** One place to the left (-1) or to the right (1). */
  moveList(list: List, by: 1 | -1): void {
    const index = this.lists.indexOf(list);
    const previous = this.lists.at(by === 1 ? index + 1 : index - 2) ?? null;
    if (index + by >= 0 && index + by < this.lists.length)
      list.save({ position: placeIn(this.lists.models, list, index + by === 0 ? null : previous) });
  }

  /**
   * The name that this browser keeps counts: another tab may have changed it, and the server may have been told the one
   * before when the connection was made.
   */
  takeName(kept: string, person: Person): void {
    if (String(person.id) !== this.me.id) return;
    this.me = { ...this.me, name: kept };
    if (person.name !== kept) this.saveName();
  }

  /** Tells the others who sits here; not before the server has said so first, at the connection. */
  saveName(): void {
    const own = this.people.get(this.me.id);
    if (own && own.name !== this.me.name) own.save({ name: this.me.name });
  }

  /** Tells the others in which card the person here is writing; null = in none. It is worth nothing later: no queue. */
  writeAt(card: Card | null): void {
    const own = this.people.get(this.me.id);
    // What names a card that the server has not made waits for it, and others would not know it.
    const at = card && this.#isMade(card) ? String(card.id) : '';
    if (!own || own.text('at') === at || this.bridge.status.get('connection') !== 'open') return;
    // The server tells who has left; a failure here leaves nothing to be told.
    own.save({ at }, { patch: true, queue: false, error: () => {} } as Backbone.ModelSaveOptions);
  }

  #isMade(card: Card): boolean {
    const isCreate = (item: Backbone.Model) =>
      item.get('method') === 'create' && String(item.get('record')) === String(card.id);
    return !this.bridge.outbox.some(isCreate);
  }

  /** Who else is writing in the card. */
  writerAt(card: Card): Person | undefined {
    const at = String(card.id);
    const connected = this.bridge.status.get('connection') === 'open';
    return connected
      ? this.people.find((each) => each.text('at') === at && each.online && String(each.id) !== this.me.id)
      : undefined;
  }

  /**
   * How a card stands. What was written before a reload is no write of this page's models: the outbox knows of it.
   */
  standingOf(card: Card): Standing {
    const own = this.bridge.stateOf(card);
    if (own.state !== 'clean') return own;
    const last = this.#kept.get(String(card.id));
    if (!last) return own;
    const rejected = last.get('state') === 'rejected';
    return { state: rejected ? 'rejected' : 'pending', error: rejected ? last.get('receipt') : null };
  }

  /**
   * Whether what has just come in is others' work. What this person does in another tab comes in too: until the server
   * has answered, the card bears the name of whoever changed it before.
   */
  isByOthers(card: Card): boolean {
    const isOwn = this.bridge.stateOf(card).state === 'pending' && !card.hasChanged('by');
    return card.text('by') !== this.me.id && !isOwn;
  }

  /** Who changed a card last, in words, and their sign. */
  lastAt(by: string): { name: string; sign: string } {
    const name = this.people.get(by)?.name ?? 'Somebody';
    return by === this.me.id
      ? { name: 'You, elsewhere,', sign: initials(name) }
      : { name, sign: initials(name) };
  }

  /** The refused writes of a card, oldest first. */
  refusedOf(card: Card): Decidable[] {
    const { outbox } = this.bridge;
    return outbox.filter(
      (item) =>
        item.get('state') === 'rejected' &&
        item.get('topic') === '/cards' &&
        String(item.get('record')) === String(card.id),
    ) as Decidable[];
  }

  #keep(): void {
    const before = this.#kept;
    const writes = this.bridge.outbox.filter((item) => item.get('topic') === '/cards');
    this.#kept = new Map(writes.map((item) => [String(item.get('record')), item]));
    for (const id of new Set([...before.keys(), ...this.#kept.keys()]))
      this.cards.get(id)?.trigger('standing');
  }

  titleOf = (topic: string, record: string | number): string | undefined => {
    const models: Backboned = topic === '/lists' ? this.lists : this.cards;
    const title: unknown = models.get(record)?.get('title');
    return title === undefined ? undefined : String(title);
  };
}

interface Backboned {
  get(id: string | number): { get(name: 'title'): unknown } | undefined;
}
