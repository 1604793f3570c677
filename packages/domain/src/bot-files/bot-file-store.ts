import { type Database, defineStatement, type Tx } from '@aerogram/storage';

import { lockIdsToKeep } from '../collections/index.ts';
import { RELEASE_REMOVED } from '../documents/index.ts';

type Reads = Pick<Database, 'run'>;

const findUse = defineStatement<{ used_date: number }>('find_bot_file', 'SELECT used_date FROM bot_files WHERE bot_id = $1 AND document_id = $2');

const putRow = defineStatement(
  'keep_bot_file',
  `INSERT INTO bot_files (bot_id, document_id, used_date) VALUES ($1, $2, $3)
   ON CONFLICT (bot_id, document_id) DO UPDATE SET used_date = greatest(bot_files.used_date, excluded.used_date)`,
);

const findNextBot = defineStatement<{ bot_id: bigint | null }>('find_next_bot_with_files', 'SELECT min(bot_id) AS bot_id FROM bot_files WHERE bot_id > $1');

const trimRows = defineStatement<{ removed: number }>(
  'trim_bot_files',
  `WITH removed AS (
     DELETE FROM bot_files
      WHERE bot_id = $1 AND document_id = ANY (ARRAY(SELECT document_id FROM bot_files WHERE bot_id = $1 ORDER BY used_date DESC, document_id DESC OFFSET $2 LIMIT $3))
     RETURNING document_id), ${RELEASE_REMOVED}`,
);

const removeSlice = defineStatement<{ removed: number }>(
  'drop_bot_files',
  `WITH removed AS (
     DELETE FROM bot_files WHERE ctid = ANY (ARRAY(SELECT ctid FROM bot_files WHERE bot_id = $1 LIMIT $2)) RETURNING document_id), ${RELEASE_REMOVED}`,
);

/** Whether a file is kept for a bot, because the bot has uploaded or used it. */
export async function isBotFile(db: Reads, botId: bigint, documentId: bigint): Promise<boolean> {
  return (await db.run(findUse, [botId, documentId])).count > 0;
}

/** About when a bot has used a file last, in Unix seconds; undefined if the file is not kept for the bot. */
export async function findBotFileUse(db: Reads, botId: bigint, documentId: bigint): Promise<number | undefined> {
  return (await db.run(findUse, [botId, documentId])).rows[0]?.used_date;
}

/**
 * Keeps a file for a bot, or notes that the bot has used it again. The transaction must not have locked a blob.
 * @returns false if the file is not there any more, or an operator has deleted or blocked it
 */
export async function keepBotFile(tx: Tx, botId: bigint, documentId: bigint, date: number): Promise<boolean> {
  if (!(await lockIdsToKeep(tx, [documentId]))) return false;
  await tx.run(putRow, [botId, documentId, date]);
  return true;
}

/** Finds the next bot, by id, for which files are kept. */
export async function findBotWithFiles(db: Reads, afterId: bigint): Promise<bigint | undefined> {
  return (await db.run(findNextBot, [afterId])).rows[0]?.bot_id ?? undefined;
}

/**
 * Stops keeping the files that a bot has not used for the longest time.
 * @param most how many files stay
 * @param limit how many are dropped at most
 * @returns how many were dropped
 */
export async function trimBotFiles(tx: Tx, botId: bigint, { most, limit }: { most: number; limit: number }): Promise<number> {
  return (await tx.run(trimRows, [botId, most, limit])).rows[0]?.removed ?? 0;
}

/** Stops keeping a slice of the files of a bot that is deleted. @returns how many were dropped */
export async function dropBotFiles(tx: Tx, botId: bigint, limit: number): Promise<number> {
  return (await tx.run(removeSlice, [botId, limit])).rows[0]?.removed ?? 0;
}
