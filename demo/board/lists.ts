import Backbone from 'backbone';
import { byPosition } from './by-position.ts';

export interface ListAttributes {
  id?: string;
  title: string;
  position: string;
}

export class List extends Backbone.Model<ListAttributes> {
  get title(): string {
    return String(this.get('title') ?? '');
  }
}

export class Lists extends Backbone.Collection<List> {
  override model = List;
  override url = '/lists';
  override comparator = (a: List, b: List): number => byPosition(a, b);
  readonly follow = true;
}
