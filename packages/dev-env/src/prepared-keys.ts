import { createAuthKey } from '@aerogram/mtproto';
import { systemRandom, type Clock } from '@aerogram/runtime';
import type { Database } from '@aerogram/storage';

/** Writes a permanent key into the database of a server, as a handshake does, and returns its 256 bytes. */
export type PrepareKey = (key: { dcId: number; test: boolean }) => Promise<Uint8Array>;

/**
 * Provides keys without a handshake, which costs a client more CPU time than everything else of a log-in: the library computes with numbers of
 * 2,048 bits in JavaScript. Tests of handshakes use `logIn` or `createMtcuteClient`, or pass `handshake: true` to `World.user`.
 */
export function createKeyProvider(db: Database, clock: Clock): PrepareKey {
  return async ({ dcId, test }) => {
    const key = systemRandom.bytes(256);
    const row = { auth_key_id: createAuthKey(key).id, auth_key: key, kind: 0, dc_id: dcId, media: false, test, created_date: clock.now() };
    await db.transact('prepare-test-key', (tx) => tx.q.insertInto('auth_keys').values(row).execute());
    return key;
  };
}
