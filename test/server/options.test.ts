import { createServer as createHttpServer } from 'node:http';
import { describe, expect, it } from 'vitest';
import { nearest } from '../../src/server/options/nearest.ts';
import {
  createServer,
  MedullaError,
  memoryStore,
  type ServerOptions,
  sqliteStore,
} from '../../src/server.ts';
import { testCore } from './support/test-core.ts';

/** The sentence of the 'bad-option' that this throws. */
function sentence(fn: () => unknown): string {
  try {
    fn();
  } catch (error) {
    if (error instanceof MedullaError && error.code === 'bad-option') return error.message;
    throw error;
  }
  throw new Error('It was taken');
}

const store = memoryStore();
const serve = (options: object, target: unknown = createHttpServer()) =>
  sentence(() => createServer(target as never, options as ServerOptions));

describe('createServer', () => {
  it('[SV22] refuses at once what is no server, and says how it is called', () => {
    const app = Object.assign(() => undefined, { listen() {}, on() {}, emit() {}, address() {}, close() {} });
    for (const [target, found] of [
      [undefined, 'found nothing'],
      [8080, 'found 8080'],
      [{}, 'found an object with nothing in it'],
      [app, 'found a function'],
    ] as const) {
      const said = sentence(() => createServer(target as never, { store }));
      expect(said).toContain(found);
      expect(said).toContain('createServer(http.createServer(app), { store: memoryStore() })');
    }
  });

  it('[SV22] refuses options that are missing or wrong, and names what was found there', () => {
    expect(serve(undefined as never)).toBe('createServer takes options as an object: found nothing.');
    expect(serve({})).toBe(
      'createServer takes as store what memoryStore(), sqliteStore(file) or postgresStore(pool) returns: found nothing.',
    );
    expect(serve({ store: 'app.db' })).toContain('postgresStore(pool) returns: found "app.db"');
    const wrong: readonly [object, string][] = [
      [{ authenticate: 'ann' }, 'as authenticate a function: found "ann"'],
      [{ limits: { batch: 0 } }, 'as limits.batch a whole number above 0: found 0'],
      [{ limits: 5 }, 'takes limits as an object: found 5'],
      [{ page: { row: 3 } }, 'has no option page.row: did you mean rows?'],
      [{ history: { days: '3' } }, 'as history.days a number that is not below 0: found "3"'],
      [{ receiptDays: -1 }, 'as receiptDays'],
      [{ path: 'socket.io' }, 'as path a path that begins with \'/\': found "socket.io"'],
      [{ origin: 'https://app.example.com/' }, 'without a path'],
      [{ origin: [] }, 'as origin origins'],
      [{ origin: true }, 'found true'],
      [{ debug: 'yes' }, 'as debug true or false'],
      [{ assets: true }, 'as assets the path of a folder, or false'],
      [{ log: console }, 'as log a function'],
      [{ clock: {} }, 'as clock an object with now()'],
    ];
    for (const [options, said] of wrong) expect(serve({ store, ...options })).toContain(said);
  });

  it('[SV22] names the option that was meant, or those that there are', () => {
    expect(serve({ store, autenticate: () => 'ann' })).toBe(
      'createServer has no option autenticate: did you mean authenticate?',
    );
    expect(serve({ store, cors: {} })).toContain(
      'has no option cors: there is store, authenticate, path, adapter, origin',
    );
    expect(nearest('Origins', ['path', 'origin'])).toBe('origin');
    expect(nearest('x', [])).toBe(undefined);
  });

  it('[SV22] takes what is right, and what is undefined as missing', async () => {
    const origin = ['https://a.example', /b$/];
    const options = { store, origin, history: { changes: 5 }, authenticate: undefined, log: () => undefined };
    const medulla = createServer(createHttpServer(), { ...options, limits: { batch: 5 }, assets: false });
    expect(sentence(() => medulla.on('connection' as 'connect', () => undefined))).toContain('"connection"');
    expect(sentence(() => medulla.on('connect', undefined as never))).toContain('found nothing');
    expect(sentence(() => medulla.use('read'))).toContain('found "read"');
    await medulla.close();
  });
});

describe('stores', () => {
  it('[SV22] are made of a path, and of nothing that is not known', () => {
    for (const file of [undefined, '', 3])
      expect(sentence(() => sqliteStore(file as string))).toContain('app.db');
    expect(sentence(() => sqliteStore('app.db', { randon: 1 } as never))).toContain('did you mean random?');
  });
});

describe('a resource', () => {
  const { core } = testCore();
  const define = (options: object) => sentence(() => core.resource('/tasks', options));

  it('[SV23] is refused at its definition where its options could not work', () => {
    const wrong: readonly [object, string][] = [
      [
        { schema: { parse() {} } },
        'A resource /tasks takes as schema a schema that implements Standard Schema',
      ],
      [{ authorize: 'admin' }, 'as authorize a function: found "admin"'],
      [{ conflict: 'newest' }, "as conflict 'merge', 'reject', or a function"],
      [{ pubic: true }, 'has no option pubic: did you mean public?'],
      [{ public: 'yes' }, 'as public true or false'],
      [{ history: 30 }, 'takes history as an object: found 30'],
      [{ history: { changes: Number.NaN } }, 'as history.changes'],
    ];
    for (const [options, said] of wrong) expect(define(options)).toContain(said);
  });

  it('[SV23] is refused where no topic could ever fit its path', () => {
    const wrong: readonly [unknown, string][] = [
      [undefined, 'found nothing'],
      [/tasks/, 'found /tasks/'],
      ['/tasks?done=1', 'a query'],
      ['tasks', "begin with '/'"],
      ['/tasks/*', 'has a name, as :part'],
      ['/a/:', "a ':' without a name"],
      ['/:a/:a', 'one name twice'],
      ['/two words', "is written '/two%20words'"],
    ];
    for (const [pattern, said] of wrong)
      expect(sentence(() => core.resource(pattern as string))).toContain(said);
    expect(core.resource('/tasks').topic()).toBe('/tasks');
  });
});
