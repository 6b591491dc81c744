import type { Settings } from './ajax-page.ts';
import type { Variant } from './variants.ts';

type Row = Record<string, unknown>;

/** A server of records in memory, as `Backbone.ajax` sees it: it answers when it is told to. */
export class RestStub {
  readonly rows = new Map<number, Row>();
  /** What was asked, as text. */
  readonly asked: string[] = [];
  /** The next request fails with this. */
  failure: number | undefined;
  readonly #key: string;
  readonly #envelope: boolean;
  #last = 0;
  readonly #waiting: (() => void)[] = [];

  constructor({ key = 'id', envelope = false }: Pick<Variant, 'key' | 'envelope'> = {}) {
    this.#key = key;
    this.#envelope = envelope;
  }

  readonly ajax = (settings: Settings): object => {
    const { type, url, data } = settings;
    this.asked.push(`${type} ${url} ${type === 'GET' ? '' : this.#sorted(data)}`);
    const xhr = { status: 200, statusText: '' };
    const { failure } = this;
    this.failure = undefined;
    const go = () => {
      if (failure) settings.error(Object.assign(xhr, { status: failure }), 'error', 'Refused');
      else settings.success(this.#answer(settings), 'success', xhr);
    };
    this.#waiting.push(go);
    return xhr;
  };

  answer(): void {
    for (const go of this.#waiting.splice(0)) go();
  }

  #answer({ type, url, data }: Settings): unknown {
    const id = Number(url.split('/')[2] ?? 0);
    const body = data === undefined ? {} : (JSON.parse(String(data)) as Row);
    const row = this.rows.get(id);
    if (type === 'POST') return this.#put(++this.#last, { ...body, rev: 1 });
    if (type === 'PUT') return this.#put(id, { ...body, rev: Number(row?.rev ?? 0) + 1 });
    if (type === 'PATCH') return this.#put(id, { ...row, ...body, rev: Number(row?.rev ?? 0) + 1 });
    if (type === 'DELETE') return void this.rows.delete(id);
    if (id) return { ...(row ?? { [this.#key]: id }) };
    const items = [...this.rows.values()].map((one) => ({ ...one }));
    return this.#envelope ? { items } : items;
  }

  #put(id: number, row: Row): Row {
    const named = { ...row, [this.#key]: id };
    this.rows.set(id, named);
    return { ...named };
  }

  #sorted(data: unknown): string {
    if (typeof data !== 'string') return '';
    return JSON.stringify(Object.entries(JSON.parse(data) as Row).sort(([a], [b]) => (a < b ? -1 : 1)));
  }
}
