/** A statement as `pg` takes it. Rows come as tuples. */
export interface PostgresStatement {
  readonly text: string;
  readonly values?: unknown[];
  readonly rowMode: 'array';
}

/** What is used of a client of a `Pool` of `pg`. */
export interface PostgresClient {
  query(statement: PostgresStatement): Promise<{ readonly rows: unknown[] }>;
  /** `true`: it is not to be used again. */
  release(destroy?: boolean): void;
  on(event: 'error', fn: (error: Error) => void): unknown;
  removeListener(event: 'error', fn: (error: Error) => void): unknown;
}

/** What is used of a `Pool` of `pg`. It is the application's: closing the store leaves it open. */
export interface PostgresPool {
  connect(): Promise<PostgresClient>;
  on(event: 'error', fn: (error: Error) => void): unknown;
  removeListener(event: 'error', fn: (error: Error) => void): unknown;
}
