import type { Database } from '@aerogram/storage';
import type { tl } from '@aerogram/tl';

import type { UserRow } from '../peers/index.ts';
import type { Privacy } from '../privacy/index.ts';

const DAY_S = 24 * 3600;

/** A user's birthday as a TL object; undefined if none is set. Pure. */
export function projectBirthday(row: UserRow): tl.birthday | undefined {
  if (row.birthday_day === null || row.birthday_month === null) return undefined;
  return { _: 'birthday', day: row.birthday_day, month: row.birthday_month, year: row.birthday_year ?? undefined };
}

/**
 * Lists contacts whose birthday is today, yesterday or tomorrow (because of time zones), as far as their privacy settings allow.
 * @param nowDate unix seconds
 */
export async function listBirthdays(
  deps: { db: Database; privacy: Privacy },
  ownerId: bigint,
  nowDate: number,
): Promise<tl.contactBirthday[]> {
  const days = [-1, 0, 1].map((offset) => {
    const date = new Date((nowDate + offset * DAY_S) * 1000);
    return { month: date.getUTCMonth() + 1, day: date.getUTCDate() };
  });
  const rows = await deps.db.q
    .selectFrom('contacts')
    .innerJoin('users', 'users.user_id', 'contacts.user_id')
    .selectAll('users')
    .where('contacts.owner_id', '=', ownerId)
    .where((eb) =>
      eb.or(days.map(({ month, day }) => eb.and([eb('birthday_month', '=', month), eb('birthday_day', '=', day)]))),
    )
    .orderBy('users.user_id')
    .execute();
  const shown = await Promise.all(rows.map((row) => deps.privacy.allows(row.user_id, 'Birthday', { id: ownerId, bot: false })));
  return rows.flatMap((row, at): tl.contactBirthday[] => {
    const birthday = projectBirthday(row);
    return shown[at] && birthday ? [{ _: 'contactBirthday', contact_id: row.user_id, birthday }] : [];
  });
}
