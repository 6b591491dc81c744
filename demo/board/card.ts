import Backbone from 'backbone';

export interface CardAttributes {
  id?: string;
  /** The id of the list that it stands in. */
  list: string;
  position: string;
  title: string;
  note: string;
  done: boolean;
  /** Who changed it last: a person's id. */
  by: string;
}

/** The fields that are typed, in the order in which they are shown. */
export type CardText = 'title' | 'note';

export class Card extends Backbone.Model<CardAttributes> {
  text(name: CardText | 'list' | 'position' | 'by'): string {
    return String(this.get(name) ?? '');
  }

  get done(): boolean {
    return this.get('done') === true;
  }
}
