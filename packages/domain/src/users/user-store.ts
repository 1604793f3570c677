import { rpcError } from '@aerogram/errors';
import { sql, type Tables, type Tx } from '@aerogram/storage';
import type { Insertable, Updateable } from 'kysely';

import type { Told } from '../effects/index.ts';
import { Names, reserveUsername } from '../names/index.ts';
import type { DomainDeps } from '../shared/index.ts';
import { saveUserWords } from './user-words-store.ts';

/** The columns of `users` that users edit themselves. */
export type ProfileChange = Pick<
  Updateable<Tables['users']>,
  'first_name' | 'last_name' | 'about' | 'birthday_day' | 'birthday_month' | 'birthday_year' | 'color' | 'profile_color' | 'color_emoji_id' | 'profile_color_emoji_id' | 'emoji_status_id' | 'emoji_status_until'
>;

/** Writes profile columns and the search words derived from them. Idempotent. */
export async function saveProfile(tx: Tx, userId: bigint, change: ProfileChange): Promise<void> {
  await tx.q.updateTable('users').set(change).where('user_id', '=', userId).execute();
  await saveUserWords(tx, userId);
}

/** Writes which channel a user shows on the profile page; undefined: none. */
export async function savePersonalChannel(tx: Tx, userId: bigint, channelId: bigint | undefined): Promise<void> {
  await tx.q.updateTable('users').set({ personal_channel_id: channelId ?? null }).where('user_id', '=', userId).execute();
}

/**
 * Removes a channel from the profile page of the user who shows it.
 * @returns whether the user has shown it
 */
export async function removePersonalChannel(tx: Tx, userId: bigint, channelId: bigint): Promise<boolean> {
  const { numUpdatedRows } = await tx.q
    .updateTable('users')
    .set({ personal_channel_id: null })
    .where('user_id', '=', userId)
    .where('personal_channel_id', '=', channelId)
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

/**
 * Reserves a username for a user or channel, in the whole cluster.
 * @param peerId marked id
 * @throws RpcError 400 USERNAME_OCCUPIED, 500 (another data centre has to be asked, and is away)
 */
export async function reserveName({ db, homes }: Pick<DomainDeps, 'db' | 'homes'>, peerId: bigint, username: string, nowDate: number): Promise<void> {
  const name = username.toLowerCase();
  const names = new Names({ db, homes });
  const reserve = (): Promise<boolean> => db.transact('reserve-username', (tx) => reserveUsername(tx, name, peerId, nowDate));
  const isReserved = (await reserve()) || ((await names.dropAbandoned({ type: 'username', name })) && (await reserve()));
  if (!isReserved || !(await names.claim({ type: 'username', name }, peerId))) throw rpcError('USERNAME_OCCUPIED');
}

/**
 * Gives a user the reserved username and frees the old one.
 * @param username in the case that the user wrote; undefined removes the username
 * @throws RpcError 400 USERNAME_OCCUPIED
 */
export async function saveUsername({ tx, names, told }: { tx: Tx; names: Names; told: Told }, userId: bigint, username: string | undefined): Promise<void> {
  const old = await tx.q.selectFrom('users').select('username').where('user_id', '=', userId).forUpdate().executeTakeFirst();
  await tx.q.updateTable('users').set({ username: username ?? null }).where('user_id', '=', userId).execute();
  await names.changeUsername({ tx, told }, userId, { name: username?.toLowerCase(), old: old?.username?.toLowerCase() });
  await saveUserWords(tx, userId);
}

/** Writes the phone number of an account that is not deleted. */
export async function saveUserPhone(tx: Tx, userId: bigint, phone: string): Promise<void> {
  await tx.q.updateTable('users').set({ phone }).where('user_id', '=', userId).where('deleted', '=', false).execute();
}

/** Writes until when users are online, in unix seconds. */
export async function saveOnlineDates(tx: Tx, changes: ReadonlyMap<bigint, number>): Promise<void> {
  const ids = [...changes.keys()].toSorted((a, b) => (a < b ? -1 : 1));
  const dates = ids.map((id) => changes.get(id) ?? 0);
  await sql`
    UPDATE users SET online_date = changes.online_date
    FROM unnest(${ids}::int8[], ${dates}::int4[]) AS changes (user_id, online_date)
    WHERE users.user_id = changes.user_id`.execute(tx.q);
}

/** Creates a service user with its username, unless it exists. */
export async function insertServiceUser(tx: Tx, row: Insertable<Tables['users']>): Promise<void> {
  await tx.q
    .insertInto('users')
    .values(row)
    .onConflict((oc) => oc.column('user_id').doUpdateSet({ bot: row.bot, support: row.support }).where('users.bot', '<>', row.bot ?? false))
    .execute();
  if (row.username === null || row.username === undefined) return;
  await tx.q
    .insertInto('usernames')
    .values({ name: row.username.toLowerCase(), peer_id: row.user_id, confirmed: true, reserved_date: row.created_date })
    .onConflict((oc) => oc.column('name').doNothing())
    .execute();
  await saveUserWords(tx, row.user_id);
}
