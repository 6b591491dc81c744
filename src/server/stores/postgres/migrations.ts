/**
 * What makes each version of the schema of the one before it; the first makes it of nothing. Written out for ever:
 * they are what has been run. `floor` in `medulla_meta` is the number of the last receipt that was forgotten.
 *
 * Texts are compared byte by byte, as everywhere else: "C". A head is written with each commit: room is left for that.
 */
export const MIGRATIONS: readonly string[] = [
  `CREATE TABLE medulla_meta (name text PRIMARY KEY, value text NOT NULL);
CREATE TABLE medulla_heads (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  topic text COLLATE "C" NOT NULL UNIQUE,
  "offset" bigint NOT NULL DEFAULT 0,
  mark text NOT NULL DEFAULT '',
  floor bigint NOT NULL DEFAULT 0,
  floor_mark text NOT NULL DEFAULT '',
  last_id bigint NOT NULL DEFAULT 0
) WITH (fillfactor = 50);
CREATE TABLE medulla_records (
  topic bigint NOT NULL,
  key text COLLATE "C" NOT NULL,
  is_number boolean NOT NULL,
  version bigint NOT NULL,
  attrs text NOT NULL,
  PRIMARY KEY (topic, key)
);
CREATE TABLE medulla_log (
  topic bigint NOT NULL,
  "offset" bigint NOT NULL,
  mark text NOT NULL,
  at bigint NOT NULL,
  key text NOT NULL,
  is_number boolean NOT NULL,
  attrs text,
  unset text,
  was text,
  PRIMARY KEY (topic, "offset")
);
CREATE TABLE medulla_receipts (
  number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  user_id text COLLATE "C" NOT NULL,
  id text COLLATE "C" NOT NULL,
  at bigint NOT NULL,
  "offset" bigint,
  body text,
  UNIQUE (user_id, id)
);
INSERT INTO medulla_meta VALUES
  ('epoch', substr(replace(gen_random_uuid()::text, '-', ''), 1, 12)),
  ('floor', '0');`,
];

/** Holds whoever else begins to migrate until this one is through. Any number that nobody else would take. */
export const migrationLock = 'SELECT pg_advisory_xact_lock(6033348512741)';

const toVersion = (version: number, sql: string) => `-- To version ${version}.
${sql}
INSERT INTO medulla_meta VALUES ('schema', '${version}') ON CONFLICT (name) DO UPDATE SET value = excluded.value;`;

/** What leads from one version to the newest. */
export const migrationSteps = (from: number): readonly string[] =>
  MIGRATIONS.slice(from).map((sql, at) => toVersion(from + at + 1, sql));

/** The same as plain SQL, for those who run it themselves. */
export const migrationSql = (from: number): string =>
  ['BEGIN;', `${migrationLock};`, ...migrationSteps(from), 'COMMIT;'].join('\n\n');
