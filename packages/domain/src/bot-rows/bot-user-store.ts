import type { Tx } from '@aerogram/storage';

/** Notes that a bot may write to a person. Idempotent. */
export async function insertBotUser(tx: Tx, botId: bigint, userId: bigint, nowDate: number): Promise<void> {
  await tx.q.insertInto('bot_users').values({ bot_id: botId, user_id: userId, since_date: nowDate }).onConflict((oc) => oc.doNothing()).execute();
}
