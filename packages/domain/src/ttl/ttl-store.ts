import type { Queries } from '../events/index.ts';

/** Lists expired messages, longest overdue first. */
export async function listExpired(q: Queries, nowDate: number, limit: number): Promise<{ owner_id: bigint; msg_id: number }[]> {
  return q
    .selectFrom('expiring_messages')
    .select(['owner_id', 'msg_id'])
    .where('expires_date', '<=', nowDate)
    .orderBy('expires_date')
    .limit(limit)
    .execute();
}

/** The lifetime of messages in chats where the owner writes first, in seconds; 0 for none. */
export async function findDefaultTtl(q: Queries, owner: bigint): Promise<number> {
  const row = await q.selectFrom('chat_settings').select('default_ttl_period').where('owner_id', '=', owner).executeTakeFirst();
  return row?.default_ttl_period ?? 0;
}
