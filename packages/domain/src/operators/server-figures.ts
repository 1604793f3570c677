import { type Database, defineStatement } from '@aerogram/storage';

/** Of a larger table only this much is read, and the rest estimated from it. */
const READ_BYTES = 32 * 1024 * 1024;

/** A table, or the same blocks of it each time, so that estimates do not jump. */
const sampled = (table: string): string => `${table} TABLESAMPLE SYSTEM (least(100, 100.0 * ${READ_BYTES} / greatest(pg_relation_size('${table}'), 1))) REPEATABLE (0)`;
/** By how much a table is larger than what is read of it. */
const factor = (table: string): string => `greatest(1, pg_relation_size('${table}') / ${READ_BYTES}.0)`;

// The last three bits of an id are those of its data centre.
const CARDS = `SELECT h.dc, coalesce(kept.cards, 0)::float8 AS cards
   FROM homes AS h
   LEFT JOIN (SELECT (person_id & 7)::smallint AS dc, round(count(*) * ${factor('cards')}) AS cards FROM ${sampled('cards')} WHERE NOT is_deleted GROUP BY 1) AS kept USING (dc)
  WHERE NOT h.is_own ORDER BY h.dc`;

/** Most notices that are counted. */
const NOTICES_READ = 100_000;

const SEGMENT_BYTES = "pg_size_bytes(current_setting('wal_segment_size'))";
const hexOf = (from: number): string => `('x' || lpad(substr(last_archived_wal, ${from}, 8), 16, '0'))::bit(64)::bigint`;
/** Number of the segment that was archived last; null if its name is none of a segment. */
const LAST_ARCHIVED = `CASE WHEN last_archived_wal ~ '^[0-9A-F]{24}' THEN ${hexOf(9)} * (4294967296 / ${SEGMENT_BYTES}) + ${hexOf(17)} END`;

const readAll = defineStatement<{
  database_bytes: bigint;
  accounts: number;
  online: number;
  bots: number;
  webhooks: number;
  failing_webhooks: number;
  dead_jobs: number;
  files: number;
  file_bytes: number;
  cards: CardCount[];
  notices_waiting: number;
  notices_age_s: number;
  archive_age_s: number | null;
  archive_fails: boolean | null;
  archive_waiting: number | null;
}>(
  'read_server_figures',
  `SELECT pg_database_size(current_database()) AS database_bytes, people.*, made.*, called.*, dead.*, kept.*, carded.*, told.*, archived.*
     FROM (SELECT round(count(*) FILTER (WHERE phone IS NOT NULL AND NOT support AND NOT deleted) * ${factor('users')})::float8 AS accounts,
                  round(count(*) FILTER (WHERE online_date > $1 AND NOT bot AND NOT deleted) * ${factor('users')})::float8 AS online
             FROM ${sampled('users')}) AS people,
          (SELECT round(count(*) FILTER (WHERE sealed_token <> '') * ${factor('bots')})::float8 AS bots FROM ${sampled('bots')}) AS made,
          (SELECT round(count(*) * ${factor('bot_webhooks')})::float8 AS webhooks,
                  round(count(*) FILTER (WHERE last_error_date > $1 - 3600) * ${factor('bot_webhooks')})::float8 AS failing_webhooks
             FROM ${sampled('bot_webhooks')}) AS called,
          (SELECT round(count(*) * ${factor('dead_jobs')})::float8 AS dead_jobs FROM ${sampled('dead_jobs')}) AS dead,
          (SELECT round(count(*) * ${factor('blobs')})::float8 AS files, round(coalesce(sum(size), 0) * ${factor('blobs')})::float8 AS file_bytes
             FROM ${sampled('blobs')} WHERE deleted_date IS NULL) AS kept,
          (SELECT coalesce(jsonb_agg(to_jsonb(of_dc)), '[]') AS cards FROM (${CARDS}) AS of_dc) AS carded,
          (SELECT count(*)::float8 AS notices_waiting, greatest(coalesce($1 - min(date), 0), 0)::float8 AS notices_age_s
             FROM (SELECT date FROM device_notices WHERE sent_date IS NULL ORDER BY due_ms LIMIT ${NOTICES_READ}) AS first_due) AS told
     LEFT JOIN (SELECT extract(epoch FROM now() - coalesce(last_archived_time, pg_postmaster_start_time()))::float8 AS archive_age_s,
                       coalesce(last_failed_time > coalesce(last_archived_time, '-infinity'), false) AS archive_fails,
                       greatest(coalesce(floor((pg_current_wal_lsn() - '0/0') / ${SEGMENT_BYTES}) - (${LAST_ARCHIVED}) - 1, 1), 0)::float8 AS archive_waiting
                  FROM pg_stat_archiver WHERE current_setting('archive_mode') <> 'off') AS archived ON true`,
);

const readCards = defineStatement<CardCount>('count_cards', CARDS);

/** How many people of another data centre have cards here; deleted ones do not count. */
export interface CardCount {
  dc: number;
  cards: number;
}

/** Counts the cards of each other data centre, those that were removed included, by number; an estimate if their table is larger than 32 MiB. Empty for a server that is alone. */
export async function countCards(db: Pick<Database, 'run'>): Promise<CardCount[]> {
  return (await db.run(readCards, [])).rows;
}

/** What a database holds. Of large tables the numbers are estimates. */
export interface ServerFigures {
  databaseBytes: number;
  accounts: number;
  /** People who are online. */
  online: number;
  bots: number;
  webhooks: number;
  /** Webhooks whose last error is less than an hour old. */
  failingWebhooks: number;
  deadJobs: number;
  files: number;
  fileBytes: number;
  /** See {@link countCards}. */
  cards: CardCount[];
  /** Notices for devices that are not sent yet, at most 100,000, and how old the oldest of them is, in seconds. */
  notices: { waiting: number; ageS: number };
  /** The archive of the database's log; undefined without one. `waiting`: segments that are complete and not archived. */
  archive: { ageS: number; isFailing: boolean; waiting: number } | undefined;
}

/** Reads the figures. It reads at most 32 MiB of each table, however large it is. @param nowDate unix seconds */
export async function readServerFigures(db: Pick<Database, 'run'>, nowDate: number): Promise<ServerFigures> {
  const row = (await db.run(readAll, [nowDate])).rows[0]!;
  return {
    databaseBytes: Number(row.database_bytes),
    accounts: row.accounts,
    online: row.online,
    bots: row.bots,
    webhooks: row.webhooks,
    failingWebhooks: row.failing_webhooks,
    deadJobs: row.dead_jobs,
    files: row.files,
    fileBytes: row.file_bytes,
    cards: row.cards,
    notices: { waiting: row.notices_waiting, ageS: row.notices_age_s },
    archive: row.archive_age_s === null ? undefined : { ageS: row.archive_age_s, isFailing: row.archive_fails === true, waiting: row.archive_waiting! },
  };
}
