import { type Database, defineStatement, type Tx } from '@aerogram/storage';

/** The position in its owner's box that a device confirmed by asking for a difference from there. */
export interface Confirmed {
  owner: bigint;
  authKeyId: bigint;
  pts: number;
  qts: number;
  date: number;
  /** The device has just logged in. The position is written only if none is known yet. */
  isFirst: boolean;
}

/** An authorisation younger than this cannot have missed any event that is old enough to be deleted. */
const YOUNG_S = 86_400;
/** A position that has not moved is rewritten only after this time, to refresh its date. */
const SAME_FOR_S = 86_400;

const writeConfirmed = defineStatement(
  'write_confirmed_positions',
  `UPDATE authorizations AS a SET confirmed_pts = n.pts, confirmed_qts = n.qts, confirmed_date = n.date
     FROM unnest($1::bigint[], $2::bigint[], $3::integer[], $4::integer[], $5::integer[], $6::boolean[]) AS n (user_id, auth_key_id, pts, qts, date, is_first)
    WHERE a.user_id = n.user_id AND a.auth_key_id = n.auth_key_id
      AND CASE WHEN n.is_first THEN a.confirmed_pts IS NULL AND a.created_date > n.date - ${YOUNG_S}
               ELSE (a.confirmed_pts, a.confirmed_qts) IS DISTINCT FROM (n.pts, n.qts) OR a.confirmed_date NOT BETWEEN n.date - ${SAME_FOR_S} AND n.date END`,
);

/** Writes the confirmed positions of devices. */
export async function saveConfirmed(tx: Tx, positions: readonly Confirmed[]): Promise<void> {
  await tx.run(writeConfirmed, [
    positions.map(({ owner }) => owner),
    positions.map(({ authKeyId }) => authKeyId),
    positions.map(({ pts }) => pts),
    positions.map(({ qts }) => qts),
    positions.map(({ date }) => date),
    positions.map(({ isFirst }) => isFirst),
  ]);
}

/** The part of a box's log that every device has passed: events below `pts`, those with a qts up to `qts`, and all of them older than `date`. */
export interface PassedLog {
  owner_id: bigint;
  pts: number;
  qts: number;
  date: number;
}

// A device without a confirmed position counts as being at 0. Events with a qts are no part of the search. Authorisations carried over to another data centre only serve files and do
// not count. Search indexing also reads the log, so events that it has not indexed stay.
const listPassedLogs = defineStatement<PassedLog>(
  'list_passed_logs',
  `SELECT o.owner_id,
          LEAST(o.pts, COALESCE(s.indexed_pts, 0) + 1, CASE WHEN bool_or(a.auth_key_id IS NOT NULL AND a.confirmed_pts IS NULL) THEN 0 ELSE min(a.confirmed_pts) END) AS pts,
          LEAST(o.qts, CASE WHEN bool_or(a.auth_key_id IS NOT NULL AND a.confirmed_qts IS NULL) THEN 0 ELSE min(a.confirmed_qts) END) AS qts,
          COALESCE(min(a.confirmed_date), 2147483647) AS date
     FROM (SELECT owner_id, pts, qts FROM counters WHERE owner_id > $1 ORDER BY owner_id LIMIT $2::integer) AS o
     LEFT JOIN search_state AS s ON s.owner_id = o.owner_id
     LEFT JOIN authorizations AS a ON a.user_id = o.owner_id AND (a.main_auth_key_id IS NULL OR a.confirmed_pts IS NOT NULL)
    GROUP BY o.owner_id, o.pts, o.qts, s.indexed_pts ORDER BY o.owner_id`,
);

/**
 * Lists the deletable part of the logs of up to `limit` boxes, in ascending order of owner.
 * @param after the owner id to start after
 */
export async function listPassed(db: Database, after: bigint, limit: number): Promise<readonly PassedLog[]> {
  return (await db.run(listPassedLogs, [after, limit])).rows;
}

// Dates ascend within a log, so the scan stops at the first event that must stay. Devices pass events with a qts by that alone.
const deletePassedRows = defineStatement<{ owner_id: bigint }>(
  'delete_passed_log',
  `DELETE FROM update_log AS u
    USING unnest($1::bigint[], $2::integer[], $3::integer[]) AS r (r_owner, r_pts, r_date)
    CROSS JOIN LATERAL (SELECT owner_id, pts, sub, date FROM update_log WHERE owner_id = r_owner AND pts < r_pts AND qts = 0 ORDER BY pts, sub LIMIT $4::integer) AS l
    WHERE l.date < r_date AND u.owner_id = l.owner_id AND u.pts = l.pts AND u.sub = l.sub
   RETURNING u.owner_id`,
);

/**
 * Deletes up to `limit` of the oldest passed events without a qts of each log.
 * @returns the owner of each deleted event
 */
export async function deletePassed(tx: Tx, logs: readonly PassedLog[], limit: number): Promise<bigint[]> {
  const { rows } = await tx.run(deletePassedRows, [logs.map((log) => log.owner_id), logs.map((log) => log.pts), logs.map((log) => log.date), limit]);
  return rows.map((row) => row.owner_id);
}

const deletePassedQtsRows = defineStatement<{ owner_id: bigint }>(
  'delete_passed_qts_log',
  `DELETE FROM update_log AS u
    USING unnest($1::bigint[], $2::integer[], $3::integer[]) AS r (r_owner, r_qts, r_date)
    CROSS JOIN LATERAL (SELECT owner_id, pts, sub, date FROM update_log WHERE owner_id = r_owner AND qts > 0 AND qts <= r_qts ORDER BY qts LIMIT $4::integer) AS l
    WHERE l.date < r_date AND u.owner_id = l.owner_id AND u.pts = l.pts AND u.sub = l.sub
   RETURNING u.owner_id`,
);

/** Same as {@link deletePassed} for events with a qts: the pts of a bot's box may never move. */
export async function deletePassedQts(tx: Tx, logs: readonly PassedLog[], limit: number): Promise<bigint[]> {
  const { rows } = await tx.run(deletePassedQtsRows, [logs.map((log) => log.owner_id), logs.map((log) => log.qts), logs.map((log) => log.date), limit]);
  return rows.map((row) => row.owner_id);
}
