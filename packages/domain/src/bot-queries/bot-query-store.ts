import { type Database, defineStatement, type Tx } from '@aerogram/storage';

/** A question to a bot. */
export interface BotQueryKey {
  botId: bigint;
  queryId: bigint;
}

/** A new question. */
interface NewQuery extends BotQueryKey {
  userId: bigint;
  /** The update that the bot gets. */
  question: Uint8Array;
  /** What counts as the answer already, if the bot has none to give. */
  answer: Uint8Array | null;
  /** Questions of the bot with a lower id are deleted. */
  oldest: bigint;
}

const listAnswers = defineStatement<{ bot_id: bigint; query_id: bigint }>(
  'list_answered_bot_queries',
  `SELECT bot_id, query_id FROM bot_queries JOIN unnest($1::bigint[], $2::bigint[]) AS k (bot_id, query_id) USING (bot_id, query_id) WHERE answer IS NOT NULL`,
);

const listUnqueued = defineStatement<{ query_id: bigint; question: Uint8Array }>(
  'list_unqueued_bot_queries',
  'SELECT query_id, question FROM bot_queries WHERE bot_id = $1 AND query_id >= $2 AND NOT is_queued ORDER BY query_id LIMIT $3::integer',
);

const listAsked = defineStatement<{ bot_id: bigint }>(
  'list_bots_with_unqueued_queries',
  'SELECT DISTINCT q.bot_id FROM unnest($1::bigint[]) AS b (bot_id) JOIN bot_queries AS q ON q.bot_id = b.bot_id AND q.query_id >= $2 AND NOT q.is_queued',
);

const markQueued = defineStatement('mark_bot_queries_queued', 'UPDATE bot_queries SET is_queued = true WHERE bot_id = $1 AND query_id = ANY ($2::bigint[])');

/** Lists what a bot was told since `oldest` and what is not among its updates over HTTP, in the order of the ids. */
export async function listUnqueuedQueries(db: Database, { botId, queryId: oldest }: BotQueryKey, limit: number): Promise<{ queryId: bigint; question: Uint8Array }[]> {
  const { rows } = await db.run(listUnqueued, [botId, oldest, limit]);
  return rows.map((row) => ({ queryId: row.query_id, question: row.question }));
}

/** Which of these bots have such questions. */
export async function listBotsWithUnqueued(db: Database, botIds: readonly bigint[], oldest: bigint): Promise<bigint[]> {
  return (await db.run(listAsked, [botIds, oldest])).rows.map((row) => row.bot_id);
}

/** Notes that these questions are among the bot's updates over HTTP. */
export async function saveQueued(tx: Tx, botId: bigint, queryIds: readonly bigint[]): Promise<void> {
  await tx.run(markQueued, [botId, queryIds]);
}

/** Stores a question, and deletes the old ones of the bot. @returns false if the bot has a question with this id already */
export async function insertQuery(tx: Tx, { botId, queryId, userId, question, answer, oldest }: NewQuery): Promise<boolean> {
  await tx.q.deleteFrom('bot_queries').where('bot_id', '=', botId).where('query_id', '<', oldest).execute();
  const { numInsertedOrUpdatedRows } = await tx.q
    .insertInto('bot_queries')
    .values({ bot_id: botId, query_id: queryId, user_id: userId, answer, question })
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
