import { rpcError } from '@aerogram/errors';
import { createHash } from 'node:crypto';

import type { DomainDeps } from '../deps.ts';
import { authorizeKey } from './authorization-store.ts';
import { type AppCredentials, checkApp } from './check-app.ts';
import type { KeyStates } from './key-state.ts';
import type { LoginDevice } from './sign-in.ts';

export interface LoginToken {
  token: Uint8Array;
  expires_date: number;
}

/** Log-in by a QR code: a guest shows a token, a device of the user that reads it accepts it. */
export interface LoginTokens {
  /** A token for this device; the same for a while, because clients ask every few seconds. @throws RpcError 400 API_ID_INVALID */
  doExportLoginToken(device: LoginDevice, app: AppCredentials, exceptIds: readonly bigint[]): Promise<LoginToken>;
  /**
   * Logs the device that shows the token in as the user. Accepting it again is harmless.
   * @returns the permanent key of that device
   * @throws RpcError 400 AUTH_TOKEN_INVALIDX, AUTH_TOKEN_EXPIRED, AUTH_TOKEN_EXCEPTION, AUTH_TOKEN_ALREADY_ACCEPTED
   */
  doAcceptLoginToken(userId: bigint, token: Uint8Array): Promise<bigint>;
}

const TOKEN_BYTES = 32;
const LIFE_S = 30;
/** A token is shown again while it has this long to live. */
const SHOWN_AGAIN_S = 10;
const MAX_SHOWN = 10_000;

function hashOf(token: Uint8Array): Uint8Array {
  return createHash('sha256').update(token).digest();
}

/** Makes log-in by token over the keys of this DC. @see https://core.telegram.org/api/qr-login */
export function createLoginTokens(deps: DomainDeps, states: KeyStates): LoginTokens {
  const { db, clock, random, config } = deps;
  const shown = new Map<bigint, LoginToken>();

  return {
    async doExportLoginToken(device, app, exceptIds) {
      checkApp(config.allowedApps, app);
      const nowDate = clock.now();
      const last = shown.get(device.permAuthKeyId);
      if (last && last.expires_date - nowDate > SHOWN_AGAIN_S) return last;
      const token: LoginToken = { token: random.bytes(TOKEN_BYTES), expires_date: nowDate + LIFE_S };
      await db.transact('export-login-token', async (tx) => {
        await tx.q.deleteFrom('login_tokens').where('expires_date', '<=', nowDate).execute();
        await tx.q
          .insertInto('login_tokens')
          .values({
            token_hash: hashOf(token.token),
            auth_key_id: device.permAuthKeyId,
            address: device.address,
            except_ids: [...exceptIds],
            expires_date: token.expires_date,
            accepted_user_id: null,
          })
          .execute();
      });
      shown.delete(device.permAuthKeyId);
      shown.set(device.permAuthKeyId, token);
      if (shown.size > MAX_SHOWN) {
        const oldest = shown.keys().next();
        if (!oldest.done) shown.delete(oldest.value);
      }
      return token;
    },

    async doAcceptLoginToken(userId, token) {
      const nowDate = clock.now();
      const { authKeyId, change } = await db.transact('accept-login-token', async (tx) => {
        const row = await tx.q
          .selectFrom('login_tokens')
          .selectAll()
          .where('token_hash', '=', hashOf(token))
          .forUpdate()
          .executeTakeFirst();
        if (!row) throw rpcError('AUTH_TOKEN_INVALIDX');
        if (row.accepted_user_id === userId) return { authKeyId: row.auth_key_id, change: undefined };
        if (row.accepted_user_id !== null) throw rpcError('AUTH_TOKEN_ALREADY_ACCEPTED');
        if (row.expires_date <= nowDate) throw rpcError('AUTH_TOKEN_EXPIRED');
        if (row.except_ids.includes(userId)) throw rpcError('AUTH_TOKEN_EXCEPTION');
        const key = await tx.q.selectFrom('auth_keys').select('user_id').where('auth_key_id', '=', row.auth_key_id).executeTakeFirst();
        // Destroyed, or logged in another way since.
        if (!key || key.user_id !== null) throw rpcError('AUTH_TOKEN_EXPIRED');
        await tx.q.updateTable('login_tokens').set({ accepted_user_id: userId }).where('token_hash', '=', row.token_hash).execute();
        const wanted = { userId, authKeyId: row.auth_key_id, hash: random.int63(), address: row.address, nowDate };
        return { authKeyId: row.auth_key_id, change: await authorizeKey(tx, wanted) };
      });
      shown.delete(authKeyId);
      if (change) states.keysChanged([authKeyId], 'changed');
      return authKeyId;
    },
  };
}
