import { CHANNEL_OFFSET } from '@aerogram/cluster';
import { type Database, defineStatement, sql, type Tx } from '@aerogram/storage';

import { groupBy } from '../shared/index.ts';
import { type LogEntry, LogPart, type PackedEntry, packEntry, partOf, unpackEntry, withoutText } from './log-entry.ts';

/** Maximum size of a channel's log. */
export interface LogLimits {
  /** Number of events. */
  adminLogEvents: number;
  /** Bytes of all events. */
  adminLogBytes: number;
}

/** Events of one channel that happened at the same time. */
export interface NewEntries {
  channelId: bigint;
  /** Who did it. */
  userId: bigint;
  /** Whether that user was an admin before the change that is logged. */
  isAdmin: boolean;
  date: number;
  entries: readonly LogEntry[];
}

/** Approximate size of a row without its entry and its words. */
const ROW_BYTES = 100;

/**
 * The size limits of each part of a log. `main` and `beyond` are sixteenths of the limits of the whole log. `share` is the fraction of `main` that the events
 * of one user may fill. When a user has filled it, their further events go to the area `beyond`, where a new event pushes out only other events of that area.
 * So one user can push out neither the events of others nor the first of their own.
 */
const ROOMS: Readonly<Record<LogPart, { main: number; beyond: number; share: number }>> = {
  [LogPart.acts]: { main: 5, beyond: 2, share: 1 / 2 },
  [LogPart.posts]: { main: 3, beyond: 2, share: 1 / 2 },
  [LogPart.people]: { main: 3, beyond: 1, share: 1 / 8 },
};

/** Maximum number of rows of an area, and of their bytes together. */
interface Room {
  rows: number;
  bytes: number;
}

function roomOf({ adminLogEvents, adminLogBytes }: LogLimits, share: number): Room {
  return { rows: Math.max(1, Math.floor(adminLogEvents * share)), bytes: Math.floor(adminLogBytes * share) };
}

// The ids of events begin with the date, so that new ids are higher even after all older events were deleted. Each row stores running totals of the rows and
// bytes of its part: those of the previous row plus its own. So the statement finds the events that exceed a limit by reading only these and the one after
// them. How much of a part belongs to one user is the difference between the user's own running totals in their last and in their first event.
const insertEntries = defineStatement(
  'insert_admin_log',
  `WITH added AS (
     SELECT a.*, sum(a.bytes) OVER (ORDER BY a.n) AS bytes_so_far
       FROM unnest($4::bigint[], $5::integer[], $6::text[], $7::bytea[], $8::integer[], $9::integer[], $10::integer[], $11::integer[])
            WITH ORDINALITY AS a (subject_id, filters, words, entry, bytes, msg_id, post_date, text_until, n)
   ), size AS (
     SELECT count(*) AS n, sum(bytes) AS bytes FROM added
   ), own_first AS (
     SELECT own_rows_sum - 1 AS n, own_bytes_sum - bytes AS bytes FROM admin_log WHERE channel_id = $1 AND part = $12::smallint AND user_id = $2 ORDER BY event_id LIMIT 1
   ), own_last AS (
     SELECT own_rows_sum AS n, own_bytes_sum AS bytes FROM admin_log WHERE channel_id = $1 AND part = $12::smallint AND user_id = $2 ORDER BY event_id DESC LIMIT 1
   ), own AS (
     SELECT COALESCE((SELECT n FROM own_last), 0) AS n, COALESCE((SELECT bytes FROM own_last), 0) AS bytes,
            COALESCE((SELECT n FROM own_first), 0) AS n_gone, COALESCE((SELECT bytes FROM own_first), 0) AS bytes_gone
   ), chosen AS (
     SELECT own.n - own.n_gone + size.n > $13::bigint OR own.bytes - own.bytes_gone + size.bytes > $14::bigint AS is_beyond FROM own, size
   ), place AS (
     SELECT $12::smallint + is_beyond::integer AS part, CASE WHEN is_beyond THEN $17::bigint ELSE $15::bigint END AS rows_max, CASE WHEN is_beyond THEN $18::bigint ELSE $16::bigint END AS bytes_max FROM chosen
   ), last AS (
     SELECT rows_sum, bytes_sum FROM admin_log WHERE channel_id = $1 AND part = (SELECT part FROM place) ORDER BY event_id DESC LIMIT 1
   ), base AS (
     SELECT place.part, GREATEST(COALESCE((SELECT max(event_id) FROM admin_log WHERE channel_id = $1), 0), $3::bigint << 20) AS event_id,
            COALESCE((SELECT rows_sum FROM last), 0) AS rows_sum, COALESCE((SELECT bytes_sum FROM last), 0) AS bytes_sum,
            CASE WHEN is_beyond THEN NULL ELSE own.n END AS own_rows_sum, CASE WHEN is_beyond THEN NULL ELSE own.bytes END AS own_bytes_sum
       FROM place, own, chosen
   ), total AS (
     SELECT base.rows_sum + size.n - place.rows_max AS rows_cut, base.bytes_sum + size.bytes - place.bytes_max AS bytes_cut FROM base, size, place
   ), dropped AS (
     DELETE FROM admin_log WHERE channel_id = $1 AND part = (SELECT part FROM place) AND event_id < COALESCE(
       (SELECT l.event_id FROM admin_log l
         WHERE l.channel_id = $1 AND l.part = (SELECT part FROM place)
           AND l.rows_sum > (SELECT rows_cut FROM total) AND l.bytes_sum - l.bytes >= (SELECT bytes_cut FROM total) ORDER BY l.event_id LIMIT 1),
       9223372036854775807)
   )
   INSERT INTO admin_log (channel_id, event_id, date, user_id, subject_id, filters, words, entry, bytes, msg_id, post_date, text_until,
                          part, rows_sum, bytes_sum, own_rows_sum, own_bytes_sum)
   SELECT $1, base.event_id + a.n, $3, $2, a.subject_id, a.filters, a.words, a.entry, a.bytes, a.msg_id, a.post_date, a.text_until,
          base.part, base.rows_sum + a.n, base.bytes_sum + a.bytes_so_far, COALESCE(base.own_rows_sum + a.n, 0), COALESCE(base.own_bytes_sum + a.bytes_so_far, 0)
     FROM added a, base`,
);

/**
 * Adds events to the log of a channel, and deletes the oldest events of each part that has grown beyond its limits. The statement is sent together with the
 * COMMIT. The caller must hold the lock of the channel's counter.
 */
export function insertLog(tx: Tx, { channelId, userId, isAdmin, date, entries }: NewEntries, limits: LogLimits): void {
  for (const [part, group] of groupBy(entries, (entry) => partOf({ userId, isAdmin }, entry))) {
    const { main, beyond, share } = ROOMS[part];
    const [mainRoom, beyondRoom, ownRoom] = [main, beyond, main * share].map((size) => roomOf(limits, size / 16)) as [Room, Room, Room];
    const packed = fitting(group.map((entry) => packRow(userId, entry)), ownRoom, beyondRoom);
    const columns = [packed.map((one) => one.subjectId), packed.map((one) => one.filters), packed.map((one) => one.words), packed.map((one) => one.entry), packed.map((one) => one.bytes)];
    const ofPosts = [packed.map((one) => one.msgId), packed.map((one) => one.postDate), packed.map((one) => one.textUntil)];
    const rooms = [ownRoom.rows, ownRoom.bytes, mainRoom.rows, mainRoom.bytes, beyondRoom.rows, beyondRoom.bytes];
    tx.runLast(insertEntries, [channelId, userId, date, ...columns, ...ofPosts, part, ...rooms]);
  }
}

type PackedRow = PackedEntry & { bytes: number };

function packRow(userId: bigint, entry: LogEntry): PackedRow {
  const packed = packEntry(userId, entry);
  return { ...packed, bytes: packed.entry.length + Buffer.byteLength(packed.words) + ROW_BYTES };
}

/**
 * Chooses the events of one change that can be stored: all of them if they fit into the share of one user; otherwise the last ones that fit into the area
 * beyond it, at least one.
 */
function fitting(rows: readonly PackedRow[], own: Room, beyond: Room): readonly PackedRow[] {
  const bytes = rows.reduce((sum, row) => sum + row.bytes, 0);
  if (rows.length <= own.rows && bytes <= own.bytes) return rows;
  let left = beyond.bytes;
  const first = rows.findLastIndex((row, n) => rows.length - n > beyond.rows || (left -= row.bytes) < 0);
  return rows.slice(Math.min(first + 1, rows.length - 1));
}

/** An event of the log. */
export interface LogEvent {
  eventId: bigint;
  date: number;
  /** Who did it. */
  userId: bigint;
  entry: LogEntry;
}

/** Which events of a log to read. */
export interface LogQuery {
  /** Bits of `LogFilter`; undefined for all events. */
  filters: number | undefined;
  /** Only events of these users; undefined for all. */
  userIds: readonly bigint[] | undefined;
  /** Only events in which all these words occur, or one of these users; undefined for all. */
  found: { words: readonly string[]; peopleIds: readonly bigint[] } | undefined;
  /** Id of the last message that the reader may not see. Events about messages up to it are not found by words. */
  hiddenUpTo: number;
  /** Only events with a lower id; 0 for all. */
  maxId: bigint;
  /** Only events with a higher id. */
  minId: bigint;
  /** Only events since this moment, in unix seconds. */
  sinceDate: number;
  limit: number;
}

/** Reads a page of a channel's log, newest first. */
export async function listLog(db: Database, channelId: bigint, { filters, userIds, found, hiddenUpTo, maxId, minId, sinceDate, limit }: LogQuery): Promise<LogEvent[]> {
  const rows = await db.q
    .selectFrom('admin_log')
    .select(['event_id', 'date', 'user_id', 'entry'])
    .where('channel_id', '=', channelId)
    .where('date', '>=', sinceDate)
    .where('event_id', '>', minId)
    .$if(maxId !== 0n, (query) => query.where('event_id', '<', maxId))
    .$if(filters !== undefined, (query) => query.where(sql<boolean>`filters & ${filters ?? 0}::integer <> 0`))
    .$if(userIds !== undefined, (query) => query.where(sql<boolean>`user_id = ANY (${[...(userIds ?? [])]}::bigint[])`))
    .$if(found !== undefined, (query) => query.where(matches(found!, hiddenUpTo)))
    .orderBy('event_id', 'desc')
    .limit(limit)
    .execute();
  return rows.map((row) => ({ eventId: row.event_id, date: row.date, userId: row.user_id, entry: unpackEntry(row.entry) }));
}

/** Lists the events of a channel that are about a message. */
export async function listEntriesOf(db: Database, channelId: bigint, { msgId, sinceDate }: { msgId: number; sinceDate: number }): Promise<LogEntry[]> {
  const rows = await db.q.selectFrom('admin_log').select('entry').where('channel_id', '=', channelId).where('msg_id', '=', msgId).where('date', '>=', sinceDate).execute();
  return rows.map(({ entry }) => unpackEntry(entry));
}

/** The SQL condition for a search: each word begins a word of the event, or one of the users did it or was affected by it. */
function matches({ words, peopleIds }: NonNullable<LogQuery['found']>, hiddenUpTo: number): ReturnType<typeof sql<boolean>> {
  return sql<boolean>`(
    (COALESCE(msg_id, ${2 ** 31 - 1}::integer) > ${hiddenUpTo}::integer AND NOT EXISTS (SELECT FROM unnest(${[...words]}::text[]) AS w (word) WHERE strpos(words, w.word) = 0))
    OR user_id = ANY (${[...peopleIds]}::bigint[]) OR subject_id = ANY (${[...peopleIds]}::bigint[]))`;
}

/** Lists users who did something in a channel, or to whom something was done. */
export async function listLoggedPeople(db: Database, channelId: bigint, limit: number): Promise<bigint[]> {
  const { rows } = await sql<{ user_id: bigint }>`
    SELECT user_id FROM admin_log WHERE channel_id = ${channelId}
     UNION SELECT subject_id FROM admin_log WHERE channel_id = ${channelId} AND subject_id > 0 LIMIT ${limit}`.execute(db.q);
  return rows.map((row) => row.user_id);
}

/** Deletes a slice of the events of any channels from before a moment. @returns how many */
export async function removeOldLog(tx: Tx, beforeDate: number, limit: number): Promise<number> {
  return (await tx.run(removeOld, [beforeDate, limit])).count;
}

const removeOld = defineStatement(
  'remove_old_admin_log',
  'DELETE FROM admin_log WHERE ctid = ANY (ARRAY(SELECT ctid FROM admin_log WHERE date < $1 ORDER BY date LIMIT $2))',
);

/** An event whose copy of a message must lose its content. */
interface DueCopy {
  channel_id: bigint;
  event_id: bigint;
  entry: Uint8Array;
}

const listExpiredCopies = defineStatement<DueCopy>('list_expired_log_copies', 'SELECT channel_id, event_id, entry FROM admin_log WHERE text_until <= $1 ORDER BY text_until LIMIT $2');

const listOverdueCopies = defineStatement<DueCopy>(
  'list_overdue_log_copies',
  `SELECT l.channel_id, l.event_id, l.entry
     FROM admin_log l
     LEFT JOIN chat_retention own ON own.peer_id = -${CHANNEL_OFFSET} - l.channel_id
     LEFT JOIN chat_retention common ON common.peer_id = 0
    WHERE l.post_date < $1::bigint - 86400 * (SELECT min(days)::bigint FROM chat_retention WHERE days > 0)
      AND COALESCE(own.days, common.days, 0) > 0 AND l.post_date < $1::bigint - 86400 * COALESCE(own.days, common.days, 0)::bigint
    ORDER BY l.post_date LIMIT $2`,
);

const emptyRows = defineStatement(
  'empty_log_copies',
  `UPDATE admin_log l SET entry = e.entry, words = '', post_date = NULL, text_until = NULL
     FROM unnest($1::bigint[], $2::bigint[], $3::bytea[]) AS e (channel_id, event_id, entry) WHERE l.channel_id = e.channel_id AND l.event_id = e.event_id`,
);

/**
 * Removes the content from logged messages whose lifetime has ended, or that are older than the retention time set by the operator. The events stay.
 * @param limit maximum number of events to change
 * @returns how many were changed
 */
export async function emptyDueCopies(tx: Tx, nowDate: number, limit: number): Promise<number> {
  const { rows: expired } = await tx.run(listExpiredCopies, [nowDate, limit]);
  const rows = expired.length > 0 ? expired : (await tx.run(listOverdueCopies, [nowDate, limit])).rows;
  if (rows.length > 0) await tx.run(emptyRows, [rows.map((row) => row.channel_id), rows.map((row) => row.event_id), rows.map((row) => withoutText(row.entry))]);
  return rows.length;
}
