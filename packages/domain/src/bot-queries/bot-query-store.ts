import type { Database, Tx } from '@aerogram/storage';

/** A question to a bot. */
export interface BotQueryKey {
  botId: bigint;
  queryId: bigint;
}

/** Stores a question, and deletes those of the bot that came before `oldest`. @returns false if the bot has a question with this id already */
export async function insertQuery(tx: Tx, { botId, queryId, userId, oldest }: BotQueryKey & { userId: bigint; oldest: bigint }): Promise<boolean> {
  await tx.q.deleteFrom('bot_queries').where('bot_id', '=', botId).where('query_id', '<', oldest).execute();
  const { numInsertedOrUpdatedRows } = await tx.q
    .insertInto('bot_queries')
    .values({ bot_id: botId, query_id: queryId, user_id: userId, answer: null })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirstOrThrow();
  return numInsertedOrUpdatedRows === 1n;
}

/**
 * Stores the answer of a bot, if there is none yet.
 * @returns the answer that counts: this one or an earlier one; undefined if there is no such question
 */
export async function saveAnswer(tx: Tx, { botId, queryId }: BotQueryKey, answer: Uint8Array): Promise<Uint8Array | undefined> {
  const row = await tx.q.selectFrom('bot_queries').select('answer').where('bot_id', '=', botId).where('query_id', '=', queryId).forUpdate().executeTakeFirst();
  if (row === undefined) return undefined;
  if (row.answer !== null) return row.answer;
  await tx.q.updateTable('bot_queries').set({ answer }).where('bot_id', '=', botId).where('query_id', '=', queryId).execute();
  return answer;
}

export async function readAnswer(db: Database, { botId, queryId }: BotQueryKey): Promise<Uint8Array | undefined> {
  const row = await db.q.selectFrom('bot_queries').select('answer').where('bot_id', '=', botId).where('query_id', '=', queryId).executeTakeFirst();
  return row?.answer ?? undefined;
}
