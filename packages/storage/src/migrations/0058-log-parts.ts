import type { Migration } from './migration.ts';

/** The admin log gets parts with room of their own, and says of which message an event has a copy. */
export const migration: Migration = {
  number: 58,
  subject: 'log-parts',
  statements: [
    `ALTER TABLE admin_log
       ADD COLUMN part smallint NOT NULL DEFAULT 0,
       ADD COLUMN own_rows_sum bigint NOT NULL DEFAULT 0,
       ADD COLUMN own_bytes_sum bigint NOT NULL DEFAULT 0,
       ADD COLUMN msg_id integer,
       ADD COLUMN post_date integer,
       ADD COLUMN text_until integer`,
    // Filters: 2048 pinned, 4096 edited, 8192 deleted.
    `UPDATE admin_log l SET msg_id = (p.post->>'msg_id')::integer, post_date = (p.post->>'date')::integer,
            text_until = (p.post->>'date')::integer + (p.post->>'ttl_period')::integer,
            part = CASE WHEN l.filters & 12288 <> 0 AND p.post->'poster_id'->>'$n' = l.user_id::text THEN 4 ELSE 2 END
       FROM (SELECT channel_id, event_id, COALESCE(entry->'after', entry->'post') AS post
               FROM (SELECT channel_id, event_id, convert_from(entry, 'UTF8')::json AS entry FROM admin_log WHERE filters & 14336 <> 0) AS e) AS p
      WHERE p.channel_id = l.channel_id AND p.event_id = l.event_id`,
    // Filters: 1 joined, 2 left.
    `UPDATE admin_log SET part = 4 WHERE filters & 3 <> 0`,
    `UPDATE admin_log l SET rows_sum = s.rows_sum, bytes_sum = s.bytes_sum, own_rows_sum = s.own_rows_sum, own_bytes_sum = s.own_bytes_sum
       FROM (SELECT channel_id, event_id,
                    count(*) OVER of_part AS rows_sum, sum(bytes) OVER of_part AS bytes_sum, count(*) OVER of_user AS own_rows_sum, sum(bytes) OVER of_user AS own_bytes_sum
               FROM admin_log
             WINDOW of_part AS (PARTITION BY channel_id, part ORDER BY event_id), of_user AS (PARTITION BY channel_id, part, user_id ORDER BY event_id)) AS s
      WHERE s.channel_id = l.channel_id AND s.event_id = l.event_id`,
    `CREATE INDEX admin_log_parts ON admin_log (channel_id, part, event_id)`,
    `CREATE INDEX admin_log_own ON admin_log (channel_id, part, user_id, event_id)`,
    `CREATE INDEX admin_log_text_until ON admin_log (text_until) WHERE text_until IS NOT NULL`,
    `CREATE INDEX admin_log_post_date ON admin_log (post_date) WHERE post_date IS NOT NULL`,
    // What the operator set for a group holds for the supergroup that it has become; nothing is set for what was deleted.
    `UPDATE chat_retention r SET peer_id = -1000000000000 - c.migrated_to
       FROM chats c WHERE r.peer_id = -c.chat_id AND c.migrated_to IS NOT NULL
        AND NOT EXISTS (SELECT FROM chat_retention later WHERE later.peer_id = -1000000000000 - c.migrated_to)`,
    `DELETE FROM chat_retention r USING chats c WHERE r.peer_id = -c.chat_id AND c.deactivated`,
    `DELETE FROM chat_retention r USING channels c WHERE r.peer_id = -1000000000000 - c.channel_id AND c.flags & 128 <> 0`,
    `DELETE FROM newcomer_channels n USING channels c WHERE n.channel_id = c.channel_id AND c.flags & 128 <> 0`,
  ],
};
