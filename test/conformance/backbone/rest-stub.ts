import type { Settings } from './ajax-page.ts';

type Row = Record<string, unknown>;

/** A server of records in memory, as `Backbone.ajax` sees it: it answers when it is told to. */
export class RestStub {
  readonly rows = new Map<number, Row>();
  /** What was asked, as text. */
  readonly asked: string[] = [];
  /** The next request fails with this. */
  failure: number | undefined;
  #last = 0;
  readonly #waiting: (() => void)[] = [];

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
    if (type === 'POST') {
      const row = { ...body, id: ++this.#last, rev: 1 };
      this.rows.set(row.id, row);
      return row;
    }
    const row = this.rows.get(id);
    if (type === 'GET')
      return id ? { ...(row ?? { id }) } : [...this.rows.values()].map((one) => ({ ...one }));
    if (type === 'DELETE') {
      this.rows.delete(id);
      return undefined;
    }
    const before = type === 'PUT' ? {} : row;
    const now = { ...before, ...body, id, rev: Number(row?.rev ?? 0) + 1 };
    this.rows.set(id, now);
    return { ...now };
  }

  #sorted(data: unknown): string {
    if (typeof data !== 'string') return '';
    return JSON.stringify(Object.entries(JSON.parse(data) as Row).sort(([a], [b]) => (a < b ? -1 : 1)));
  }
}
