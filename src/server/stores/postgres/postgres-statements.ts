import { LINE } from '../../commit/log-row.ts';

/**
 * Everything that the store says to PostgreSQL but for its schema. What comes in any number comes as arrays, so that one statement, and
 * one way there and back, does all of a commit.
 */

/**
 * Each statement sees what was committed before it began: what is read once the heads are locked is what whoever held
 * them before has left. A node that is cut off, or stands still, holds a topic no longer than this.
 */
export const BEGIN =
  "BEGIN ISOLATION LEVEL READ COMMITTED; SET LOCAL lock_timeout = '3s'; SET LOCAL idle_in_transaction_session_timeout = '20s'";
/** What was confirmed may not be lost with the machine's power (P1): said where the database's own setting is less. */
export const DURABLE = 'SET LOCAL synchronous_commit = on';

/** In the order of their names, whoever asks: nobody waits for somebody who waits for them. */
export const LOCK_HEADS = `
  SELECT topic, id, "offset", mark, last_id FROM medulla_heads WHERE topic = ANY($1::text[]) ORDER BY topic FOR UPDATE`;
export const ADD_HEADS =
  'INSERT INTO medulla_heads (topic) SELECT unnest($1::text[]) ORDER BY 1 ON CONFLICT DO NOTHING';

/** In one statement, so that no receipt is forgotten between the look for it and the look at the floor. */
export const LOAD = `
  SELECT 'record', ord, is_number, version, attrs
    FROM unnest($1::bigint[], $2::text[]) WITH ORDINALITY AS asked (topic, key, ord)
    JOIN medulla_records USING (topic, key)
  UNION ALL
  SELECT 'receipt', ord, NULL, "offset", body
    FROM unnest($3::text[], $4::text[]) WITH ORDINALITY AS asked (user_id, id, ord)
    JOIN medulla_receipts USING (user_id, id)
  UNION ALL
  SELECT 'floor', 0, NULL, value::bigint, NULL FROM medulla_meta WHERE name = 'floor'`;

/** Tells the number of the newest of its receipts. */
export const WRITE = `
  WITH heads AS (
    UPDATE medulla_heads AS head SET "offset" = made."offset", mark = made.mark, last_id = made.last_id
    FROM unnest($1::bigint[], $2::bigint[], $3::text[], $4::bigint[]) AS made (id, "offset", mark, last_id)
    WHERE head.id = made.id
  ), log AS (
    INSERT INTO medulla_log (topic, "offset", mark, at, key, is_number, attrs, unset, was)
    SELECT * FROM unnest(
      $5::bigint[], $6::bigint[], $7::text[], $8::bigint[], $9::text[], $10::boolean[], $11::text[], $12::text[], $13::text[])
  ), records AS (
    INSERT INTO medulla_records (topic, key, is_number, version, attrs)
    SELECT * FROM unnest($14::bigint[], $15::text[], $16::boolean[], $17::bigint[], $18::text[])
    ON CONFLICT (topic, key) DO UPDATE SET is_number = excluded.is_number, version = excluded.version, attrs = excluded.attrs
  ), gone AS (
    DELETE FROM medulla_records AS record USING unnest($19::bigint[], $20::text[]) AS made (topic, key)
    WHERE record.topic = made.topic AND record.key = made.key
  ), receipts AS (
    INSERT INTO medulla_receipts (user_id, id, at, "offset", body)
    SELECT * FROM unnest($21::text[], $22::text[], $23::bigint[], $24::bigint[], $25::text[]) RETURNING number
  )
  SELECT max(number) FROM receipts`;

/** The mark of a change that an earlier try would have made. */
export const MARK = 'SELECT mark FROM medulla_log WHERE topic = $1 AND "offset" = $2';

export const READ = `
  SELECT ord, is_number, version, attrs
    FROM unnest($1::text[], $2::text[]) WITH ORDINALITY AS asked (topic, key, ord)
    JOIN medulla_heads AS head ON head.topic = asked.topic
    JOIN medulla_records AS record ON record.topic = head.id AND record.key = asked.key`;

export const HEADS = 'SELECT topic, "offset", mark FROM medulla_heads WHERE topic = ANY($1::text[])';

/** As many rows as are wanted, and no more bytes; the last column says whether there are more. */
export const PAGE = `
  SELECT key, is_number, version, attrs, after IS NOT NULL FROM (
    SELECT *, sum(octet_length(attrs)) OVER (ORDER BY key) - octet_length(attrs) AS bytes, lead(key) OVER (ORDER BY key) AS after
    FROM (
      SELECT key, is_number, version, attrs FROM medulla_records
      WHERE topic = (SELECT id FROM medulla_heads WHERE topic = $1) AND key > $2 ORDER BY key LIMIT $3::bigint + 1) AS rows
  ) AS page WHERE bytes < $4 ORDER BY key LIMIT $3::bigint`;

/**
 * One statement: a trim or a commit in between would leave a gap. No row: nobody has written the topic. It ends with
 * the line that is more than $4 bytes with those before it.
 */
export const LOG = `
  WITH head AS (
    SELECT id, "offset", mark, CASE
      WHEN floor = $2 THEN floor_mark
      ELSE (SELECT mark FROM medulla_log WHERE topic = id AND "offset" = $2) END AS held
    FROM medulla_heads WHERE topic = $1)
  SELECT head, mark, held, "offset", key, is_number, attrs, unset, was, bytes FROM (
    SELECT *, sum(own) OVER (ORDER BY "offset" ROWS UNBOUNDED PRECEDING) AS bytes FROM (
      SELECT head."offset" AS head, head.mark, head.held, log."offset", key, is_number, attrs, unset, was,
        CASE WHEN log."offset" IS NULL THEN 0 ELSE ${LINE} + octet_length(concat(attrs, unset, was)) END AS own
      FROM head LEFT JOIN medulla_log AS log ON log.topic = head.id AND log."offset" > $2 AND head.held = $3) AS lines
  ) AS summed WHERE bytes - own <= $4 ORDER BY "offset"`;

export const RECEIPTS = `
  SELECT 'receipt', ord, "offset", body
    FROM unnest($1::text[], $2::text[]) WITH ORDINALITY AS asked (user_id, id, ord)
    JOIN medulla_receipts USING (user_id, id)
  UNION ALL
  SELECT 'floor', 0, value::bigint, NULL FROM medulla_meta WHERE name = 'floor'`;

/** It waits for a transaction that is about to write one of them. */
export const REFUSE = `
  INSERT INTO medulla_receipts (user_id, id, at, "offset", body)
  SELECT * FROM unnest($1::text[], $2::text[], $3::bigint[], $4::bigint[], $5::text[])
  ON CONFLICT (user_id, id) DO NOTHING RETURNING user_id, id, number`;

export const NUMBER = `
  SELECT greatest(
    (SELECT number FROM medulla_receipts ORDER BY number DESC LIMIT 1),
    (SELECT value::bigint FROM medulla_meta WHERE name = 'floor'))`;

/** Offsets leave nothing out, and receipts' numbers hardly anything: only heads are counted. */
export const SIZE = `
  SELECT count(*), coalesce(sum("offset" - floor), 0),
    greatest(0, (SELECT max(number) FROM medulla_receipts) - (SELECT value::bigint FROM medulla_meta WHERE name = 'floor')),
    pg_total_relation_size('medulla_heads') + pg_total_relation_size('medulla_records')
      + pg_total_relation_size('medulla_log') + pg_total_relation_size('medulla_receipts')
  FROM medulla_heads`;
