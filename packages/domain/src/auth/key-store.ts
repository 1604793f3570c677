import { equalBytes } from '@aerogram/crypto';
import type { AuthKeyRecord, AuthKeyStore, CreatedKey } from '@aerogram/mtproto';
import { sql, type Database, type Tables } from '@aerogram/storage';
import { type Clock, RecentMap } from '@aerogram/runtime';
import type { Selectable } from 'kysely';

import { inBatches } from '../shared/index.ts';
import { endAuthorizations, endWaiting } from './authorization-store.ts';
import type { KeyStates } from './key-state.ts';

/** Seconds for which the absence of a key is cached. Key ids are random, so an id that was not found will not be created later. */
const ABSENT_KEPT_S = 60;

const MAX_ABSENT = 10_000;

const KIND = { perm: 0, temp: 1 } as const;

/** The key store in the database, the authority on which keys exist (rule P6, lost keys). */
export function createAuthKeyStore(deps: { db: Database; clock: Clock; states: KeyStates }): AuthKeyStore {
  const { db, clock, states } = deps;
  /**
   * Ids that the database did not have, with the date until which that is cached, so that repeated requests with unknown keys cost no read.
   */
  const absent = new RecentMap<bigint, number>(MAX_ABSENT);

  const read = inBatches<bigint, Selectable<Tables['auth_keys']> | undefined>(async (ids) => {
    const found = await db.q.selectFrom('auth_keys').selectAll().where('auth_key_id', '=', anyOf(ids)).execute();
    const rows = new Map(found.map((row) => [row.auth_key_id, row]));
    return ids.map((id) => rows.get(id));
  });

  const create = inBatches<AuthKeyRecord, CreatedKey>(async (records) => {
    const ids = records.map((record) => record.authKeyId);
    const rows = await db.transact('create-auth-keys', async (tx) => {
      await tx.q
        .insertInto('auth_keys')
        .values(records.map(rowOf))
        .onConflict((oc) => oc.column('auth_key_id').doNothing())
        .execute();
      return tx.q.selectFrom('auth_keys').select(['auth_key_id', 'auth_key']).where('auth_key_id', '=', anyOf(ids)).execute();
    });
    for (const id of ids) absent.delete(id);
    states.keysChanged(ids);
    const kept = new Map(rows.map((row) => [row.auth_key_id, row.auth_key]));
    // The outcome of an earlier COMMIT may have been unknown: the same id with the same key counts as created.
    return records.map(({ authKeyId, key }) => (equalBytes(kept.get(authKeyId) ?? key, key) ? 'created' : 'taken'));
  });

  return {
    async find(authKeyId) {
      if ((absent.get(authKeyId) ?? 0) > clock.now()) return undefined;
      const row = await read(authKeyId);
      if (!row) absent.set(authKeyId, clock.now() + ABSENT_KEPT_S);
      if (!row || (row.expires_date !== null && row.expires_date <= clock.now())) return undefined;
      return {
        authKeyId: row.auth_key_id,
        key: row.auth_key,
        kind: row.kind === KIND.perm ? 'perm' : 'temp',
        created_date: row.created_date,
        expires_date: row.expires_date ?? undefined,
        permAuthKeyId: row.perm_auth_key_id ?? undefined,
        dcId: row.dc_id,
        media: row.media,
        test: row.test,
      };
    },
    create,
    async destroy(authKeyId) {
      const gone = await db.transact('destroy-auth-key', async (tx) => {
        const key = await tx.q.selectFrom('auth_keys').select(['user_id', 'pending_user_id']).where('auth_key_id', '=', authKeyId).forUpdate().executeTakeFirst();
        if (!key) return [];
        const ended = key.user_id === null ? [] : await endAuthorizations(tx, key.user_id, [authKeyId], { nowDate: clock.now(), revoked: false });
        if (key.pending_user_id !== null) await endWaiting(tx, key.pending_user_id, { authKeyId });
        const rows = await tx.q
          .deleteFrom('auth_keys')
          .where((eb) => eb.or([eb('auth_key_id', '=', authKeyId), eb('perm_auth_key_id', '=', authKeyId)]))
          .returning('auth_key_id')
          .execute();
        return [...ended, ...rows.map((row) => row.auth_key_id)];
      });
      await states.keysDecided(gone, 'ended');
      return gone.includes(authKeyId);
    },
  };
}

const anyOf = (ids: readonly bigint[]) => sql<bigint>`ANY(${ids}::int8[])`;

function rowOf({ authKeyId, key, kind, dcId, media, test, created_date, expires_date }: AuthKeyRecord) {
  return { auth_key_id: authKeyId, auth_key: key, kind: KIND[kind], dc_id: dcId, media, test, created_date, expires_date: expires_date ?? null };
}
