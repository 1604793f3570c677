import { type Database, defineStatement, type Tx } from '@aerogram/storage';

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

const listAnswers = defineStatement<{ bot_id: bigint; query_id: bigint }>(
  'list_answered_bot_queries',
  `SELECT bot_id, query_id FROM bot_queries JOIN unnest($1::bigint[], $2::bigint[]) AS k (bot_id, query_id) USING (bot_id, query_id) WHERE answer IS NOT NULL`,
);

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

/** Which of these questions were answered. */
export async function listAnswered(db: Database, keys: readonly BotQueryKey[]): Promise<BotQueryKey[]> {
  const { rows } = await db.run(listAnswers, [keys.map(({ botId }) => botId), keys.map(({ queryId }) => queryId)]);
  return rows.map((row) => ({ botId: row.bot_id, queryId: row.query_id }));
}
