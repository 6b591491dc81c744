import Backbone from 'backbone';

export interface PersonAttributes {
  id: string;
  name: string;
  /** Whether the server has a connection of this person's open: the server alone writes it. */
  online: boolean;
  /** The card in which this person is writing. */
  at: string;
}

export class Person extends Backbone.Model<PersonAttributes> {
  get name(): string {
    return String(this.get('name') ?? '') || 'Somebody';
  }

  text(name: 'at'): string {
    return String(this.get(name) ?? '');
  }

  get online(): boolean {
    return this.get('online') === true;
  }
}

/** Everybody who was ever here. */
export class People extends Backbone.Collection<Person> {
  override model = Person;
  override url = '/people';
  override comparator = (a: Person, b: Person): number =>
    Number(b.online) - Number(a.online) || a.name.localeCompare(b.name);
  readonly follow = true;
}
