import type Backbone from 'backbone';
import type { ModelState } from '../../src/client/medulla.ts';
import type { Conflict } from '../../src/client/models/conflicts.ts';
import type { Page } from '../migrate/browser.ts';

const NAMES = ['title', 'note', 'tags', 'at'];
const said = (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value));

/** `Old|Old`: the title and the note; 'none'. */
export function textOf(attrs: object | null | undefined): string {
  if (!attrs) return 'none';
  const values = attrs as Record<string, unknown>;
  return NAMES.flatMap((name) => (name in values ? [said(values[name])] : [])).join('|');
}

/** `title: Old|Old > Mine|Old, Theirs|Old`: what is in conflict, how it was, mine and theirs. */
export const textOfConflict = ({ names, was, mine, theirs }: Conflict): string =>
  `${names.join()}: ${textOf(was)} > ${textOf(mine)}, ${textOf(theirs)}`;

/** A page, and what it has heard of the record. */
export class Witness {
  readonly page: Page;
  /** What it was told of conflicts. */
  readonly told: string[] = [];
  #heard: string[] = [];

  constructor(page: Page) {
    this.page = page;
    const { tasks } = page;
    tasks.on('medulla:conflict', (_model: unknown, conflict: Conflict) =>
      this.told.push(textOfConflict(conflict)),
    );
    tasks.on('add', () => this.#heard.push('add'));
    tasks.on('remove', () => this.#heard.push('remove'));
    tasks.on('change', (model: Backbone.Model) => {
      for (const [name, value] of Object.entries(model.changedAttributes() || {}))
        this.#heard.push(`${name}=${said(value)}`);
    });
  }

  get model(): Backbone.Model | undefined {
    return this.page.tasks.get(1);
  }

  get has(): string {
    return textOf(this.model?.attributes);
  }

  /** How the record stands here. */
  get state(): ModelState | undefined {
    return this.model && this.page.medulla.stateOf(this.model);
  }

  /** The conflict that is open. */
  get conflict(): Conflict {
    const conflict = this.state?.conflict;
    if (!conflict) throw new Error('There is no conflict');
    return conflict;
  }

  /** What has happened since this was asked last; '-' = nothing. */
  heard(): string {
    return this.#heard.splice(0).join(', ') || '-';
  }
}
