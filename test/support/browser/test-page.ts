/** Runs in the page, stripped of its types: what a test drives through `page.evaluate`. */
import Backbone from 'backbone';
import { connect } from 'backbone-medulla';

type Attrs = Record<string, unknown>;
interface Request extends PromiseLike<unknown> {
  readonly status: number;
}

const settings = JSON.parse(new URLSearchParams(location.search).get('options') ?? '{}');
// As an application does that has its hub there: it is registered before anybody connects.
if (settings.host === 'service') {
  await navigator.serviceWorker.register('/service-worker.js', { type: 'module' });
  await navigator.serviceWorker.ready;
}
const auth = settings.token && { auth: () => settings.token };
const medulla = connect(Backbone, { routes: ['/cards'], ...settings, ...auth }).install();

class Cards extends Backbone.Collection {
  override url = () => settings.url ?? '/cards';
  override comparator = 'id';
  follow = true;
}

const cards = new Cards();
const outcomes: number[] = [];
let pending = 0;
let changes = 0;
let stales = 0;
cards.on('change', () => changes++);
medulla.on('stale', () => stales++);

/** Counts the request as pending until it settles, and keeps its status. */
function track(request: unknown): number {
  const tracked = request as Request;
  const end = () => {
    pending--;
    outcomes.push(tracked.status);
  };
  pending++;
  tracked.then(end, end);
  return pending;
}

const testPage = {
  settings,
  medulla,
  cards,
  outcomes,
  /** Requests that have not settled. */
  pending: () => pending,
  /** 'change' events of the collection so far. */
  changes: () => changes,
  /** How often it was told that it is stale. */
  stales: () => stales,
  create(attrs: Attrs, options: Attrs = {}): string {
    const card = new Backbone.Model(attrs);
    cards.add(card);
    track(card.save({}, options));
    return String(card.id);
  },
  edit(id: string, attrs: Attrs, options: Attrs = {}): void {
    track(cards.get(id)?.save(attrs, options));
  },
  destroy(id: string): void {
    track(cards.get(id)?.destroy());
  },
  attr: (id: string, name: string): unknown => cards.get(id)?.get(name),
  /** All models as text, ordered by id, keys in order: equal texts are equal collections. */
  snapshot: (): string => JSON.stringify(ordered(cards.toJSON())),
  status: (): Attrs => medulla.status.toJSON(),
  loaded: Promise.resolve(cards.fetch() as unknown as PromiseLike<unknown>).then(
    () => 'loaded',
    (error: unknown) => String(error),
  ),
};

function ordered(rows: Attrs[]): unknown[] {
  return rows
    .sort((a, b) => (String(a.id) < String(b.id) ? -1 : 1))
    .map((row) => Object.fromEntries(Object.entries(row).sort(([a], [b]) => (a < b ? -1 : 1))));
}

declare global {
  var t: typeof testPage;
}
globalThis.t = testPage;
