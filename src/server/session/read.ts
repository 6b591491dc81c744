import { matches } from '../../protocol/attributes.ts';
import type { Row } from '../../protocol/change.ts';
import type { Answers } from '../../protocol/server-down.ts';
import type { Requests } from '../../protocol/server-up.ts';
import { allRows } from '../answers/all-rows.ts';
import { answered } from '../answers/answered.ts';
import { synced } from '../messages/synced.ts';
import { tellOthers } from '../messages/tell-others.ts';
import type { SessionInfo } from '../resource/session-info.ts';
import { permitRead } from './permit-read.ts';
import type { Peer, SessionParts } from './session-parts.ts';

/** One record, those that match a query, or all. A record that is not there makes no rows. */
export async function read(
  parts: SessionParts,
  session: SessionInfo,
  peer: Peer,
  { topic, record, query, options }: Requests['read'],
): Promise<Answers['read']> {
  const { store, limits } = parts;
  const wanted = { topic, record: record ?? null, query: query ?? null, options };
  const { row, answer, head, sight, notified } = await permitRead(parts, session, wanted);
  const epoch = sight.epoch((head ?? (await store.head(topic))).epoch);
  let rows: readonly Row[];
  if (answer) rows = sight.rows(await answered(parts, topic, answer));
  else if (record === undefined) {
    const isWanted = ([id, , attrs]: Row) => (!query || matches(attrs, query)) && sight.sees(id, attrs);
    rows = await allRows(parts, topic, { isWanted, most: limits.answer });
  } else rows = sight.rows(row ? [row] : []);
  if (notified.size > 0) {
    const models = rows.map(([id, , attrs]) => ({ ...attrs, id }));
    for (const one of notified)
      tellOthers(parts, peer, one, synced(one, 'read', record === undefined ? models : models[0]));
  }
  return { rows, epoch };
}
