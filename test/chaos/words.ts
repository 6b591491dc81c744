/** What a chaos page and its driver say to one another. */

export const TOPICS = ['/cards', '/notes'] as const;
export type Topic = (typeof TOPICS)[number];

/** Named once in a run: an attribute of that name goes with the write, so that its effect is known wherever it shows. */
export type Mark = `w${number}`;
export const isMark = (name: string): name is Mark => /^w\d+$/.test(name);

/** `topic/id`. */
export type RecordName = string;

/** Who sits at a tab: each has a hub and a database of their own. */
export const USERS = ['ann', 'bob'] as const;
export type User = (typeof USERS)[number];

/** What the server fails on every time, and does not refuse: it parks its lane. */
export const POISON = 'poison';

/** Something for a page to do, on the model that `chance` (0 to 1) points to. */
export interface Order {
  readonly mark: Mark;
  readonly kind: 'create' | 'save' | 'poison' | 'patch' | 'destroy' | 'draft' | 'decide';
  readonly topic: Topic;
  readonly chance: number;
  /** The id of a create that other tabs may make too; else one is made. */
  readonly id?: string;
  readonly title?: string;
  readonly wait?: boolean;
  readonly decision?: 'retry' | 'discard' | 'edit';
  /** What is decided about; else one by chance. */
  readonly item?: string;
}

/** A mutation as the outbox shows it. */
export interface Item {
  readonly id: string;
  readonly record: RecordName;
  readonly method: string;
  readonly state: string;
  readonly title: string;
}

/** A record as a page shows it while nothing of it is on its way: the marks that it carries. */
export interface Look {
  readonly record: RecordName;
  readonly marks: readonly Mark[];
}

/** The browser's database of the page's user, and who may write to it. */
export interface Disk {
  readonly boot: string;
  /** Packs of mutations in its outbox. */
  readonly outbox: number;
  /** The hubs that live, by the locks that they hold. */
  readonly hubs: readonly string[];
}

/** A mutation as it leaves the page for the hub. */
export interface Handed {
  readonly id: string;
  /** Of the order that made it. */
  readonly mark: Mark | null;
  readonly record: RecordName;
  readonly method: string;
  /** All marks that it sets. */
  readonly marks: readonly Mark[];
}

export type Told =
  | { readonly type: 'hello' }
  | { readonly type: 'asked'; readonly mark: Mark; readonly record: RecordName; readonly what: string }
  | ({ readonly type: 'handed' } & Handed)
  | { readonly type: 'repeated'; readonly id: string }
  | {
      readonly type: 'answered';
      readonly mark: Mark;
      readonly status: number;
      readonly code: string;
    }
  | {
      readonly type: 'rejected';
      readonly id: string;
      readonly record: RecordName;
      readonly method: string;
      readonly code: string;
    }
  | {
      readonly type: 'decided';
      readonly id: string;
      readonly record: RecordName;
      readonly method: string;
      readonly decision: 'retry' | 'discard';
      readonly mark: Mark;
    }
  | { readonly type: 'typed' | 'withstood'; readonly mark: Mark; readonly record: RecordName }
  | {
      readonly type: 'overwritten';
      readonly mark: Mark;
      readonly record: RecordName;
      readonly now: string;
    };

/** How a page stands. */
export interface Standing {
  /** Orders whose request has no answer. */
  readonly waiting: readonly Mark[];
  readonly connection: string;
  readonly pending: number;
  readonly rejected: number;
  readonly items: readonly Item[];
}

/** Unsaved attributes of a model; `why`: what happened in this page that may have left them. */
export interface Unsaved {
  readonly record: RecordName;
  readonly names: readonly string[];
  readonly why: string | null;
}
