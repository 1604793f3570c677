import type { Migration } from './migration.ts';

/** Collect no statistics for this column: no query searches by it, so ANALYZE need not sort its values. */
const without = (table: string, columns: readonly string[]): string =>
  `ALTER TABLE ${table} ${columns.map((column) => `ALTER COLUMN ${column} SET STATISTICS 0`).join(', ')}`;

/**
 * Reduces background work that delayed sends. Tables that grow with every message were analyzed every ten seconds while they were small,
 * which took 0.2 s of a core each time, and new words were merged into the index for 20 ms at a stretch.
 */
export const migration: Migration = {
  number: 20,
  subject: 'statistics',
  statements: [
    without('messages', ['from_id', 'edit_date', 'flags', 'reply_to_msg_id', 'text', 'extra', 'ttl_period']),
    without('send_keys', ['random_id', 'global_id', 'peer_id', 'msg_id', 'pts', 'pts_count']),
    `ALTER TABLE messages SET (autovacuum_analyze_threshold = 10000)`,
    `ALTER TABLE send_keys SET (autovacuum_analyze_threshold = 10000)`,
    `ALTER INDEX message_search_terms SET (gin_pending_list_limit = 256)`,
    `ALTER TABLE message_search SET (autovacuum_analyze_threshold = 10000)`,
  ],
};
