import type { Tx } from '@aerogram/storage';
import { createHash } from 'node:crypto';

/** Seconds for which an exported token is valid. */
const LIFE_S = 300;

function hashOf(bytes: Uint8Array): Uint8Array {
  return createHash('sha256').update(bytes).digest();
}

/** Stores a token that carries an authorisation to another data centre. Only its hash is stored. */
export async function saveExport(
  tx: Tx,
  wanted: { userId: bigint; authKeyId: bigint; dcId: number; bytes: Uint8Array; nowDate: number },
): Promise<void> {
  await tx.q
    .deleteFrom('exported_authorizations')
    .where('user_id', '=', wanted.userId)
    .where('expires_date', '<=', wanted.nowDate)
    .execute();
  await tx.q
    .insertInto('exported_authorizations')
    .values({
      user_id: wanted.userId,
      token_hash: hashOf(wanted.bytes),
      auth_key_id: wanted.authKeyId,
      dc_id: wanted.dcId,
      expires_date: wanted.nowDate + LIFE_S,
      used_auth_key_id: null,
    })
    .execute();
}

/**
 * Uses an exported token. The same key may repeat the import, other keys may not. Of the data centres that this server plays, the one that the token was made for is
 * not compared with that of the key, because clients whose handshake names no data centre have keys of the default one (rule P9, DC ids).
 * @param given `isFor` whether a token for this data centre may be used
 * @returns the key of the device that exported the token, or the key which that one was itself exported from; undefined if the token is not
 * valid
 */
export async function useExport(
  tx: Tx,
  given: { userId: bigint; bytes: Uint8Array; authKeyId: bigint; nowDate: number; isFor(dc: number): boolean },
): Promise<bigint | undefined> {
  const row = await tx.q
    .selectFrom('exported_authorizations')
    .selectAll()
    .where('user_id', '=', given.userId)
    .where('token_hash', '=', hashOf(given.bytes))
    .executeTakeFirst();
  if (!row || row.expires_date <= given.nowDate || !given.isFor(row.dc_id)) return undefined;
  // If the exporting authorisation has ended meanwhile, its token is not valid. It is locked, so that whoever ends it finds the one that is made of it.
  const alive = await tx.q
    .selectFrom('authorizations')
    .select('main_auth_key_id')
    .where('user_id', '=', given.userId)
    .where('auth_key_id', '=', row.auth_key_id)
    .forShare()
    .executeTakeFirst();
  if (!alive) return undefined;
  const used = await tx.q
    .updateTable('exported_authorizations')
    .set({ used_auth_key_id: given.authKeyId })
    .where('user_id', '=', given.userId)
    .where('token_hash', '=', row.token_hash)
    .where((eb) => eb.or([eb('used_auth_key_id', 'is', null), eb('used_auth_key_id', '=', given.authKeyId)]))
    .returning('user_id')
    .executeTakeFirst();
  if (!used) return undefined;
  return alive.main_auth_key_id ?? row.auth_key_id;
}
