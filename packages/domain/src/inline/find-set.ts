import type { Database, Tables } from '@aerogram/storage';
import type { tl } from '@aerogram/tl';
import { storedDecode } from '@aerogram/tl-compat';
import type { Selectable } from 'kysely';

import { documentIdsOf } from '../documents/index.ts';
import { mediaOfResult } from './media-of-result.ts';

/** The results of an inline query, as they are stored. */
export interface InlineSet extends Omit<Selectable<Tables['inline_sets']>, 'question' | 'answer'> {
  question: tl.updateBotInlineQuery;
  answer: tl.messages.botResults;
}

/** Returns the results of a question that the bot has answered. */
export function findSetOfQuery(db: Database, { botId, queryId }: { botId: bigint; queryId: bigint }): Promise<InlineSet | undefined> {
  return unpack(db.q.selectFrom('inline_sets').selectAll().where('bot_id', '=', botId).where('query_id', '=', queryId).executeTakeFirst());
}

/** Returns results that may be given out without asking the bot again. */
export function findCachedSet(db: Database, { botId, userId, cacheKey, nowDate }: { botId: bigint; userId: bigint; cacheKey: Uint8Array; nowDate: number }): Promise<InlineSet | undefined> {
  return unpack(
    db.q
      .selectFrom('inline_sets')
      .selectAll()
      .where('bot_id', '=', botId)
      .where('cache_key', '=', cacheKey)
      .where('cached_until', '>', nowDate)
      .where((eb) => eb.or([eb('is_private', '=', false), eb('user_id', '=', userId)]))
      .orderBy('cached_until', 'desc')
      .limit(1)
      .executeTakeFirst(),
  );
}

/** Returns the results that a user was shown, if they may still be sent. */
export function findShownSet(db: Database, { userId, setId, nowDate }: { userId: bigint; setId: bigint; nowDate: number }): Promise<InlineSet | undefined> {
  return unpack(
    db.q
      .selectFrom('inline_sets')
      .selectAll()
      .where('set_id', '=', setId)
      .where('kept_until', '>', nowDate)
      .where((eb) => eb.or([eb('is_private', '=', false), eb('user_id', '=', userId)]))
      .executeTakeFirst(),
  );
}

/** The documents and photos of results that a user was shown; undefined if there are no such results any more. */
export async function findInlineDocuments(db: Database, shown: { userId: bigint; setId: bigint; nowDate: number }): Promise<bigint[] | undefined> {
  const set = await findShownSet(db, shown);
  return set?.answer.results.flatMap((result) => documentIdsOf(mediaOfResult(result)));
}

async function unpack(found: Promise<Selectable<Tables['inline_sets']> | undefined>): Promise<InlineSet | undefined> {
  const row = await found;
  // The casts are safe: InlineMode stored them.
  return row && { ...row, question: storedDecode(row.question) as tl.updateBotInlineQuery, answer: storedDecode(row.answer) as tl.messages.botResults };
}
