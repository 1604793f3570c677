import { type Database, defineStatement, type Tables } from '@aerogram/storage';
import type { Selectable } from 'kysely';

/** A user as stored. Names and phone number are as the user set them; projectUser decides what each viewer sees. */
export type UserRow = Selectable<Tables['users']>;

const readUsers = defineStatement<UserRow>('read_users', 'SELECT * FROM users WHERE user_id = ANY ($1::bigint[])');

/** Reads users by id in one statement, inside or outside a transaction. Ids without a row are left out. */
export async function findUserRows(db: Pick<Database, 'run'>, ids: readonly bigint[]): Promise<Map<bigint, UserRow>> {
  const { rows } = await db.run(readUsers, [ids]);
  const found = new Map(rows.map((row) => [row.user_id, row]));
  const missing = ids.filter((id) => !found.has(id));
  if (missing.length > 0) {
    const cards = await db.run(readCards, [missing]);
    for (const card of cards.rows) found.set(card.person_id, rowOfCard(card));
  }
  return found;
}

const readCards = defineStatement<CardRow>('read_cards', 'SELECT * FROM cards WHERE person_id = ANY ($1::bigint[])');

type CardRow = Selectable<Tables['cards']>;

function rowOfCard({ person_id, first_name, last_name, username, phone, is_bot, is_deleted, photo_id, photo_stripped }: CardRow): UserRow {
  return {
    user_id: person_id, phone, first_name, last_name, username, about: '', bot: is_bot, verified: false, scam: false, fake: false, restriction_reason: null, restriction_text: null,
    limited_until: 0, limit_reason: '', support: false, gives_support: false, deleted: is_deleted, created_date: 0, online_date: 0, birthday_day: null, birthday_month: null, birthday_year: null,
    color: null, profile_color: null, personal_channel_id: null, photo_id, photo_stripped, photo_has_video: false, fallback_photo_id: null, fallback_photo_stripped: null, fallback_photo_has_video: false,
  };
}
