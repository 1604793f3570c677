import type { Queries } from '../events/index.ts';

/** Messages whose time has come, the longest due first. */
export async function listExpired(q: Queries, nowDate: number, limit: number): Promise<{ owner_id: bigint; msg_id: number }[]> {
  return q
    .selectFrom('expiring_messages')
    .select(['owner_id', 'msg_id'])
    .where('expires_date', '<=', nowDate)
    .orderBy('expires_date')
    .limit(limit)
    .execute();
}

/** What chats get in which the owner writes for the first time, in seconds. */
export async function findDefaultTtl(q: Queries, owner: bigint): Promise<number> {
  const row = await q.selectFrom('chat_settings').select('default_ttl_period').where('owner_id', '=', owner).executeTakeFirst();
  return row?.default_ttl_period ?? 0;
}
