import type { Database, Tx } from '@aerogram/storage';

/** A question to a bot. */
export interface BotQueryKey {
  botId: bigint;
  queryId: bigint;
}

/** A new question. */
interface NewQuery extends BotQueryKey {
  userId: bigint;
  /** The inline query; null for a pressed button. */
  question: Uint8Array | null;
  /** Questions of the bot with a lower id are deleted. */
  oldest: bigint;
}

/** Stores a question, and deletes the old ones of the bot. @returns false if the bot has a question with this id already */
export async function insertQuery(tx: Tx, { botId, queryId, userId, question, oldest }: NewQuery): Promise<boolean> {
  await tx.q.deleteFrom('bot_queries').where('bot_id', '=', botId).where('query_id', '<', oldest).execute();
  const { numInsertedOrUpdatedRows } = await tx.q
    .insertInto('bot_queries')
    .values({ bot_id: botId, query_id: queryId, user_id: userId, answer: null, question })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirstOrThrow();
  return numInsertedOrUpdatedRows === 1n;
}

/** Reads a question and its answer, and locks them until the transaction ends. */
export function lockQuery(tx: Tx, { botId, queryId }: BotQueryKey) {
  return tx.q.selectFrom('bot_queries').select(['user_id', 'question', 'answer']).where('bot_id', '=', botId).where('query_id', '=', queryId).forUpdate().executeTakeFirst();
}

/** Stores the answer of a bot. */
export async function saveAnswer(tx: Tx, { botId, queryId }: BotQueryKey, answer: Uint8Array): Promise<void> {
  await tx.q.updateTable('bot_queries').set({ answer }).where('bot_id', '=', botId).where('query_id', '=', queryId).execute();
}

/** Reads the answer of a bot; undefined while there is none. */
export async function readAnswer(db: Database, { botId, queryId }: BotQueryKey): Promise<Uint8Array | undefined> {
  const row = await db.q.selectFrom('bot_queries').select('answer').where('bot_id', '=', botId).where('query_id', '=', queryId).executeTakeFirst();
  return row?.answer ?? undefined;
}
