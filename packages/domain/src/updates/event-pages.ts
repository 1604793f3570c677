import { defineStatement } from '@aerogram/storage';

import { messageBytes, messageColumns, type MessageRow } from '../events/index.ts';

/** An entry of the update log. */
export interface LogRow {
  pts: number;
  pts_count: number;
  kind: number;
  /** Null if it is longer than {@link PAYLOAD_MAX_BYTES}. */
  payload: Uint8Array | null;
  date: number;
  loose_seq: number;
}

/**
 * Approximate maximum size of the rows in one slice, in bytes. Whatever crosses the limit is still included whole: a row, or the group of
 * updates without pts from one second.
 */
export const SLICE_BYTES = 1024 * 1024;
/** Maximum size of the updates without pts logged at one position within one second, in bytes; the latest ones are kept. */
const SECOND_BYTES = 4 * SLICE_BYTES;
/** Maximum size of a logged update in bytes. Older versions could store longer ones, which are skipped. */
const PAYLOAD_MAX_BYTES = 64 * 1024;

// Returns messages up to the one that fills the slice.
export const readMessages = defineStatement<MessageRow>(
  'read_new_messages',
  `SELECT ${messageColumns('page')} FROM (
     SELECT m.*, sum(${messageBytes('m')}) OVER (ORDER BY m.pts ROWS UNBOUNDED PRECEDING) - ${messageBytes('m')} AS bytes_before FROM messages m
      WHERE m.owner_id = $1 AND m.pts > $2 AND m.pts <= $3 ORDER BY m.pts LIMIT $4) AS page
    WHERE bytes_before < ${SLICE_BYTES} ORDER BY pts`,
);

const LOG_BYTES = `LEAST(octet_length(payload), ${PAYLOAD_MAX_BYTES})`;
const LOG_COLUMNS = `pts, sub, pts_count, kind, CASE WHEN octet_length(payload) <= ${PAYLOAD_MAX_BYTES} THEN payload END AS payload, date, loose_seq`;

/**
 * SQL for a page of the log. Entries at one position stay together unless they fill the slice; then the page ends between two seconds,
 * because a client's state can only express a pts and a date in seconds. Dates never go back within a box.
 */
function selectPage(condition: string): string {
  return `SELECT ${LOG_COLUMNS} FROM (
      SELECT *, min(bytes_before) OVER (PARTITION BY pts, date) AS before_second,
             sum(${LOG_BYTES}) OVER (PARTITION BY pts, date ORDER BY sub DESC ROWS UNBOUNDED PRECEDING) - ${LOG_BYTES} AS after_in_second
        FROM (SELECT *, sum(${LOG_BYTES}) OVER (ORDER BY pts, date, sub ROWS UNBOUNDED PRECEDING) - ${LOG_BYTES} AS bytes_before
                FROM update_log WHERE owner_id = $1 AND pts >= $2 AND pts <= $3 AND ${condition}
               ORDER BY pts FETCH FIRST ($4) ROWS WITH TIES) AS first_rows) AS page
    WHERE before_second < ${SLICE_BYTES} AND after_in_second < ${SECOND_BYTES}
    ORDER BY pts, sub`;
}

// Updates with a qts are read by it (`readQts`). At the reader's own pts, updates without pts dated on or after the reader's date may be new to it. `readMissed` brings earlier ones.
export const readLog = defineStatement<LogRow>('read_update_log', selectPage('qts = 0 AND (pts > $2 OR (pts_count = 0 AND date >= $5))'));

/**
 * Seconds within which a lost hint is recovered (rule S3, lossy hints). In that time the reader's pts may move past an update without pts, and its date too: whatever is pushed at once,
 * such as that somebody comes online, sets the date.
 */
export const LOST_FOR_S = 5;
/** How far below the pts of the reader to look for updates without pts that the reader may have missed. */
const LOOK_BACK = 500;
/** Maximum number of missed updates without pts. */
const MISSED_MAX = 100;

export const readMissed = defineStatement<LogRow>(
  'read_missed_log',
  `SELECT ${LOG_COLUMNS} FROM update_log
    WHERE owner_id = $1 AND pts >= $2::integer - ${LOOK_BACK} AND pts <= $2 AND pts_count = 0 AND qts = 0 AND date >= $3 AND (pts < $2 OR date < $4)
    ORDER BY pts DESC, sub DESC LIMIT ${MISSED_MAX}`,
);

/** Updates with a qts above $2 and up to $3, at most $4 of them. */
export const readQts = defineStatement<LogRow & { qts: number }>(
  'read_qts_log',
  `SELECT ${LOG_COLUMNS}, qts FROM update_log WHERE owner_id = $1 AND qts > 0 AND qts > $2 AND qts <= $3 ORDER BY qts LIMIT $4`,
);

export const readLogSince = defineStatement<LogRow>(
  'read_update_log_since',
  selectPage('CASE WHEN pts_count > 0 THEN pts > $5 ELSE loose_seq > $6 AND loose_seq <= $7 END'),
);
