import { type Database, defineStatement } from '@aerogram/storage';

// Expression and condition are those of the index on these posts; otherwise it would not be used.
const readExpired = defineStatement<{ channel_id: bigint; msg_id: number }>(
  'read_expired_posts',
  'SELECT channel_id, msg_id FROM channel_messages WHERE ttl_period IS NOT NULL AND date + ttl_period <= $1 ORDER BY date + ttl_period LIMIT $2',
);

/** Lists posts of any channels whose lifetime is over, longest overdue first. */
export async function listExpiredPosts(db: Pick<Database, 'run'>, nowDate: number, limit: number): Promise<readonly { channel_id: bigint; msg_id: number }[]> {
  return (await db.run(readExpired, [nowDate, limit])).rows;
}
