import type { Tables, Tx } from '@aerogram/storage';
import type { tl } from '@aerogram/tl';
import { storedDecode, storedEncode } from '@aerogram/tl-compat';
import type { Insertable } from 'kysely';

/** How many sets that are over a new one removes, so that the table does not grow. */
const REMOVED_MAX = 100;

/** Stores the results of an inline query, and removes some that are over. */
export async function insertSet(tx: Tx, set: Insertable<Tables['inline_sets']>, nowDate: number): Promise<void> {
  await tx.q
    .deleteFrom('inline_sets')
    .where('set_id', 'in', (eb) => eb.selectFrom('inline_sets').select('set_id').where('kept_until', '<', nowDate).orderBy('kept_until').limit(REMOVED_MAX).forUpdate().skipLocked())
    .execute();
  await tx.q.insertInto('inline_sets').values(set).execute();
}

/** Makes a result that was at a URL the file that was made of it, unless it is one already or the results are gone. */
export async function keepFileOfResult(tx: Tx, setId: bigint, resultId: string, media: tl.messageMediaPhoto | tl.messageMediaDocument): Promise<void> {
  const row = await tx.q.selectFrom('inline_sets').select('answer').where('set_id', '=', setId).forUpdate().executeTakeFirst();
  if (row === undefined) return;
  // The cast is safe: only InlineMode stores answers.
  const answer = storedDecode(row.answer) as tl.messages.botResults;
  const file = media._ === 'messageMediaPhoto' ? { photo: media.photo } : { document: media.document };
  const results = answer.results.map((result): tl.BotInlineResult => {
    if (result._ !== 'botInlineResult' || result.id !== resultId) return result;
    const { id, type, title, description, send_message } = result;
    return { _: 'botInlineMediaResult', id, type, title, description, send_message, ...file };
  });
  await tx.q.updateTable('inline_sets').set({ answer: storedEncode({ ...answer, results }) }).where('set_id', '=', setId).execute();
}
