import { rpcError } from '@aerogram/errors';
import type { Database, Tx } from '@aerogram/storage';
import type { tl } from '@aerogram/tl';
import { storedDecode, storedEncode } from '@aerogram/tl-compat';

/** What is noted about a user. */
export interface UserInfo {
  authorId: bigint;
  /** Its `author` is empty. */
  info: tl.help.userInfo;
}

/** Reads what is noted about a user; undefined: nothing. */
export async function findUserInfo({ q }: Pick<Database, 'q'>, userId: bigint): Promise<UserInfo | undefined> {
  const row = await q.selectFrom('user_infos').select(['author_id', 'info']).where('user_id', '=', userId).executeTakeFirst();
  // The cast is safe: nothing else is stored in this column.
  return row && { authorId: row.author_id, info: storedDecode(row.info) as tl.help.userInfo };
}

/**
 * Writes what is noted about a user. The same once more changes nothing, not even the date.
 * @throws RpcError 400 USER_ID_INVALID if the account was deleted
 */
export async function saveUserInfo(tx: Tx, userId: bigint, { authorId, info }: UserInfo): Promise<void> {
  // Locked, so that nothing is noted about an account that is being deleted.
  const user = await tx.q.selectFrom('users').select('user_id').where('user_id', '=', userId).where('deleted', '=', false).forShare().executeTakeFirst();
  if (user === undefined) throw rpcError('USER_ID_INVALID');
  const earlier = await findUserInfo(tx, userId);
  const body = storedEncode(info);
  if (earlier?.authorId === authorId && Buffer.compare(storedEncode({ ...earlier.info, date: info.date }), body) === 0) return;
  const row = { author_id: authorId, info: body };
  await tx.q.insertInto('user_infos').values({ user_id: userId, ...row }).onConflict((oc) => oc.column('user_id').doUpdateSet(row)).execute();
}

/** Deletes what is noted about a user. */
export async function removeUserInfo(tx: Tx, userId: bigint): Promise<void> {
  await tx.q.deleteFrom('user_infos').where('user_id', '=', userId).execute();
}
