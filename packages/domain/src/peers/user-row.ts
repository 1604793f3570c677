import { type Database, defineStatement, type Tables } from '@aerogram/storage';
import type { Selectable } from 'kysely';

/** A user as stored. Names and phone number are as the user set them; projectUser decides what each viewer sees. */
export type UserRow = Selectable<Tables['users']> & {
  /** Set if the user's home is another data centre. Then the row is what that one tells of the user, and the rest has the values of a new account. */
  elsewhere?: true;
};

type CardRow = Selectable<Tables['cards']>;

const readUsers = defineStatement<UserRow>('read_users', 'SELECT * FROM users WHERE user_id = ANY ($1::bigint[])');

const readCards = defineStatement<CardRow>('read_cards', 'SELECT * FROM cards WHERE person_id = ANY ($1::bigint[])');

/** Reads users by id, inside or outside a transaction: those who live here in one statement, and others, if there are any, in a second one. Ids without a row are left out. */
export async function findUserRows(db: Pick<Database, 'run'>, ids: readonly bigint[]): Promise<Map<bigint, UserRow>> {
  const { rows } = await db.run(readUsers, [ids]);
  const found = new Map(rows.map((row) => [row.user_id, row]));
  const others = ids.filter((id) => id > 0n && !found.has(id));
  if (others.length === 0) return found;
  const { rows: cards } = await db.run(readCards, [others]);
  for (const card of cards) found.set(card.person_id, userOfCard(card));
  return found;
}

function userOfCard(card: CardRow): UserRow {
  const { person_id: user_id, first_name, last_name, username, phone, is_bot: bot, is_deleted: deleted, photo_id, photo_stripped, verified, scam, fake } = card;
  return {
    elsewhere: true,
    user_id,
    phone,
    first_name,
    last_name,
    username,
    about: '',
    bot,
    verified,
    scam,
    fake,
    restriction_reason: null,
    restriction_text: null,
    limited_until: 0,
    limit_reason: '',
    support: false,
    gives_support: false,
    deleted,
    created_date: 0,
    online_date: 0,
    birthday_day: null,
    birthday_month: null,
    birthday_year: null,
    color: null,
    profile_color: null,
    emoji_status_id: null,
    emoji_status_until: null,
    color_emoji_id: null,
    profile_color_emoji_id: null,
    personal_channel_id: null,
    photo_id,
    photo_stripped,
    photo_has_video: false,
    fallback_photo_id: null,
    fallback_photo_stripped: null,
    fallback_photo_has_video: false,
  };
}
