import type { Tx } from '@aerogram/storage';
import { createHash } from 'node:crypto';

/** Exported bytes open an authorisation for this long. */
const LIFE_S = 300;

function hashOf(bytes: Uint8Array): Uint8Array {
  return createHash('sha256').update(bytes).digest();
}

/** Remembers bytes that carry an authorisation to another DC; only their hash is stored. */
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
 * Uses exported bytes up. The same key may repeat the import, no other may. The DC they were made for is not
 * compared with the key's: clients whose handshake names no DC have keys of the default one (rule P9).
 * @returns the key of the device that exported them, or that the exporting one was itself carried over from; undefined when the bytes open nothing
 */
export async function useExport(
  tx: Tx,
  given: { userId: bigint; bytes: Uint8Array; authKeyId: bigint; nowDate: number },
): Promise<bigint | undefined> {
  const row = await tx.q
    .selectFrom('exported_authorizations')
    .selectAll()
    .where('user_id', '=', given.userId)
    .where('token_hash', '=', hashOf(given.bytes))
    .forUpdate()
    .executeTakeFirst();
  if (!row || row.expires_date <= given.nowDate) return undefined;
  if (row.used_auth_key_id !== null && row.used_auth_key_id !== given.authKeyId) return undefined;
  // An authorisation that was ended meanwhile opens no new one.
  const alive = await tx.q
    .selectFrom('authorizations')
    .select('main_auth_key_id')
    .where('user_id', '=', given.userId)
    .where('auth_key_id', '=', row.auth_key_id)
    .executeTakeFirst();
  if (!alive) return undefined;
  await tx.q
    .updateTable('exported_authorizations')
    .set({ used_auth_key_id: given.authKeyId })
    .where('user_id', '=', given.userId)
    .where('token_hash', '=', row.token_hash)
    .execute();
  return alive.main_auth_key_id ?? row.auth_key_id;
}
