/**
 * SQL for the timeline of a primary, as 8 hexadecimal digits; null on a standby. Each promotion of a standby begins a new timeline, with a higher number; a
 * primary keeps its own for as long as it runs.
 */
export const TIMELINE = '(SELECT CASE WHEN pg_is_in_recovery() THEN NULL ELSE left(pg_walfile_name(pg_current_wal_lsn()), 8) END)';

/**
 * SQL for whether a standby confirms each commit before the client hears of it. The state of standbys is shown to superusers and members of `pg_read_all_stats`
 * only; for others nothing is synchronous.
 */
export const SYNCHRONOUS = `(
  SELECT current_setting('synchronous_standby_names') <> '' AND current_setting('synchronous_commit') NOT IN ('off', 'local')
         AND EXISTS (SELECT FROM pg_stat_get_wal_senders() WHERE sync_state IN ('sync', 'quorum')))`;

/** Which primary of the database a process serves from. */
export interface Primary {
  /** The timeline that was noted; undefined before there is a lease. Connections to any other server are not used. */
  timeline(): string | undefined;
  /** A connection has met a timeline that is not noted yet. */
  met?(): void;
}
