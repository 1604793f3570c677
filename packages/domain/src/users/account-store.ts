import { defineStatement, type Tx } from '@aerogram/storage';

import { STALE_S } from '../names/index.ts';
import { joinAllWords } from './user-words-store.ts';
import { searchWords } from './user-words.ts';

/** An account with everything by which it is found. */
export interface WholeAccount {
  userId: bigint;
  isBot: boolean;
  firstName: string;
  /** Undefined for bots. */
  phone: string | undefined;
  /** Valid; undefined for none. */
  username: string | undefined;
  nowDate: number;
}

// Numbers and names that were reserved long ago and never confirmed are taken over, as when they are reserved one by one.
const insertWhole = defineStatement<{ numbers: bigint; names: bigint; users: bigint }>(
  'insert_whole_account',
  `WITH number AS (
          INSERT INTO phones AS p (phone, user_id, confirmed, reserved_date)
          SELECT $4::text, $1::bigint, true, $6::integer WHERE $4::text IS NOT NULL
          ON CONFLICT (phone) DO UPDATE SET user_id = excluded.user_id, confirmed = true, reserved_date = excluded.reserved_date
           WHERE NOT p.confirmed AND (p.reserved_date < $6::integer - ${STALE_S} OR p.user_id = $1::bigint)
          RETURNING 1),
        name AS (
          INSERT INTO usernames AS n (name, peer_id, confirmed, reserved_date)
          SELECT lower($5::text), $1::bigint, true, $6::integer WHERE $5::text IS NOT NULL
          ON CONFLICT (name) DO UPDATE SET peer_id = excluded.peer_id, confirmed = true, reserved_date = excluded.reserved_date
           WHERE NOT n.confirmed AND (n.reserved_date < $6::integer - ${STALE_S} OR n.peer_id = $1::bigint)
          RETURNING 1),
        account AS (
          INSERT INTO users (user_id, bot, first_name, last_name, phone, username, created_date, online_date)
          VALUES ($1::bigint, $2::boolean, $3::text, '', $4::text, $5::text, $6::integer, CASE WHEN $2::boolean THEN 0 ELSE $6::integer END)
          ON CONFLICT (user_id) DO NOTHING
          RETURNING 1),
        counter AS (
          INSERT INTO counters (owner_id, epoch) SELECT $1::bigint, (SELECT value::integer FROM meta WHERE key = 'epoch')
          ON CONFLICT (owner_id) DO NOTHING),
        words AS (
          INSERT INTO user_words (user_id, word, words) SELECT $1::bigint, word, $8::text FROM unnest($7::text[]) AS word
          ON CONFLICT (user_id, word) DO NOTHING)
   SELECT (SELECT count(*) FROM number) AS numbers, (SELECT count(*) FROM name) AS names, (SELECT count(*) FROM account) AS users`,
);

/**
 * Writes an account in one statement, with its phone number, its username, its search words and its counters. The caller must not commit unless the outcome is
 * `written`.
 */
export async function insertAccount(tx: Tx, { userId, isBot, firstName, phone, username, nowDate }: WholeAccount): Promise<'written' | 'id_taken' | 'number_taken' | 'name_taken'> {
  const words = username === undefined ? [] : searchWords(`${username} ${firstName}`);
  const { rows: [counts] } = await tx.run(insertWhole, [userId, isBot, firstName, phone ?? null, username ?? null, nowDate, words, joinAllWords(words)]);
  const { numbers, names, users } = counts!;
  if (users === 0n) return 'id_taken';
  if (phone !== undefined && numbers === 0n) return 'number_taken';
  return username !== undefined && names === 0n ? 'name_taken' : 'written';
}
