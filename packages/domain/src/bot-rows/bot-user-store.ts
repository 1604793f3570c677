import type { Tx } from '@aerogram/storage';

/** Notes that a bot may write to a person. Idempotent. @returns whether that is new */
export async function insertBotUser(tx: Tx, botId: bigint, userId: bigint, nowDate: number): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await tx.q
    .insertInto('bot_users')
    .values({ bot_id: botId, user_id: userId, since_date: nowDate })
    .onConflict((oc) => oc.doNothing())
    .executeTakeFirstOrThrow();
  return numInsertedOrUpdatedRows === 1n;
}
