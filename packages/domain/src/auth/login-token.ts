import { authTopic } from '@aerogram/bus';
import { newPresentedToken } from '@aerogram/cluster';
import { rpcError } from '@aerogram/errors';
import { RecentMap } from '@aerogram/runtime';
import type { tl } from '@aerogram/tl';

import type { DomainDeps, UserKey } from '../shared/index.ts';
import { checkAuthorized } from './authorization-store.ts';
import { type AppCredentials, checkApp } from './check-app.ts';
import type { LogIn, LoginDevice } from './log-in.ts';
import { hashOfSecret } from './hash-of-secret.ts';
import { LoginsElsewhere, type MovedLogin, TOKEN_BYTES } from './login-elsewhere.ts';
import { insertLoginToken, saveTokenAcceptor } from './login-token-store.ts';

export interface LoginToken {
  token: Uint8Array;
  expires_date: number;
}

/** The result of accepting a token. */
export interface AcceptedToken {
  /** The permanent key of the device that showed the token. */
  authKeyId: bigint;
  /** Whether that device has yet to prove the password. */
  passwordNeeded: boolean;
}

/** Log-in by QR code: a device that is not logged in shows a token, and a logged-in device that scans it accepts it. */
export interface LoginTokens {
  /**
   * Returns a token for this device. It stays the same for a while, because clients ask every few seconds.
   * @throws RpcError 400 API_ID_INVALID, 401 SESSION_PASSWORD_NEEDED (the token was accepted)
   */
  doExportLoginToken(device: LoginDevice, app: AppCredentials, exceptIds: readonly bigint[]): Promise<LoginToken | MovedLogin>;
  /**
   * Returns the user as whom the device was logged in by this token, otherwise the token, which nobody has accepted yet.
   * @throws RpcError 400 AUTH_TOKEN_INVALIDX, AUTH_TOKEN_EXPIRED, 401 SESSION_PASSWORD_NEEDED
   */
  doImportLoginToken(device: LoginDevice, token: Uint8Array): Promise<LoginToken | MovedLogin | { userId: bigint }>;
  /**
   * Logs in the device that shows the token, as the accepting user, and notifies it. Accepting again has no effect.
   * @throws RpcError 400 AUTH_TOKEN_INVALIDX, AUTH_TOKEN_EXPIRED, AUTH_TOKEN_EXCEPTION, AUTH_TOKEN_ALREADY_ACCEPTED, 401
   * AUTH_KEY_UNREGISTERED
   */
  doAcceptLoginToken(acceptor: UserKey, token: Uint8Array): Promise<AcceptedToken>;
  /**
   * Accepts a token that a device shows in another data centre, which sends the device here.
   * @returns the device; undefined if the token is of this data centre
   * @throws RpcError as {@link LoginTokens.doAcceptLoginToken}
   * @throws HomeAway
   */
  doAcceptElsewhere(acceptor: UserKey, token: Uint8Array): Promise<tl.authorization | undefined>;
}

const LIFE_S = 30;
/** A token is returned again as long as it has at least this many seconds left. */
const SHOWN_AGAIN_S = 10;
/** Seconds for which an accepted token is kept, for a device that then has to prove the password. */
const KEPT_S = 600;

const MAX_SHOWN = 10_000;

/**
 * Creates the operations for log-in by QR code.
 * @see https://core.telegram.org/api/qr-login
 */
export function createLoginTokens(deps: DomainDeps, logIn: LogIn): LoginTokens {
  const { db, bus, clock, random, config } = deps;
  const shown = new RecentMap<bigint, LoginToken>(MAX_SHOWN);
  const elsewhere = deps.homes && new LoginsElsewhere({ ...deps, homes: deps.homes }, logIn);

  /**
   * Whether the device waits for the password because of an accepted token. A device that waits because of a phone code may still show a QR
   * code.
   */
  const awaitsPassword = async ({ permAuthKeyId, pendingUserId }: LoginDevice): Promise<boolean> => {
    if (pendingUserId === undefined) return false;
    const accepted = await db.q
      .selectFrom('login_tokens')
      .select('token_hash')
      .where('auth_key_id', '=', permAuthKeyId)
      .where('accepted_user_id', '=', pendingUserId)
      .limit(1)
      .executeTakeFirst();
    return accepted !== undefined;
  };

  /** Whether the token has not been accepted and the device has not logged in another way since it first showed the token. */
  const isOpen = async ({ token }: LoginToken): Promise<boolean> => {
    const row = await db.q.selectFrom('login_tokens').select('accepted_user_id').where('token_hash', '=', hashOfSecret(token)).executeTakeFirst();
    return row?.accepted_user_id === null;
  };

  return {
    async doExportLoginToken(device, app, exceptIds) {
      checkApp(config.allowedApps, app);
      if (await awaitsPassword(device)) throw rpcError('SESSION_PASSWORD_NEEDED');
      const moved = await elsewhere?.findMoved(device.permAuthKeyId);
      if (moved) return moved;
      const nowDate = clock.now();
      const last = shown.get(device.permAuthKeyId);
      if (last && last.expires_date - nowDate > SHOWN_AGAIN_S && (await isOpen(last))) return last;
      const token: LoginToken = { token: newPresentedToken(random, TOKEN_BYTES, config.homeDcId), expires_date: nowDate + LIFE_S };
      const row = {
        token_hash: hashOfSecret(token.token),
        auth_key_id: device.permAuthKeyId,
        address: device.address,
        except_ids: [...exceptIds],
        expires_date: token.expires_date,
        accepted_user_id: null,
      };
      await db.transact('export-login-token', (tx) => insertLoginToken(tx, row, nowDate - KEPT_S));
      shown.set(device.permAuthKeyId, token);
      return token;
    },

    async doImportLoginToken(device, token) {
      const row = await db.q.selectFrom('login_tokens').selectAll().where('token_hash', '=', hashOfSecret(token)).executeTakeFirst();
      if (elsewhere && row && row.acceptor_key_id !== null && row.auth_key_id === 0n) return { userId: await elsewhere.doEnter(device, token) };
      // The token is visible on a screen, so only the device that shows it may use it.
      if (!row || row.auth_key_id !== device.permAuthKeyId) throw rpcError('AUTH_TOKEN_INVALIDX');
      if (await awaitsPassword(device)) throw rpcError('SESSION_PASSWORD_NEEDED');
      if (row.accepted_user_id !== null && row.accepted_user_id === device.userId) return { userId: row.accepted_user_id };
      const moved = row.moved_token !== null && (await elsewhere?.findMoved(device.permAuthKeyId));
      if (moved) return moved;
      if (row.accepted_user_id !== null || row.expires_date <= clock.now()) throw rpcError('AUTH_TOKEN_EXPIRED');
      return { token, expires_date: row.expires_date };
    },

    async doAcceptElsewhere(acceptor, token) {
      return elsewhere?.doAccept(acceptor, token);
    },

    async doAcceptLoginToken(acceptor, token) {
      const { userId } = acceptor;
      const nowDate = clock.now();
      const { row, entry } = await db.transact('accept-login-token', async (tx) => {
        await checkAuthorized(tx, acceptor);
        const found = await tx.q
          .selectFrom('login_tokens')
          .selectAll()
          .where('token_hash', '=', hashOfSecret(token))
          .forUpdate()
          .executeTakeFirst();
        if (!found || found.acceptor_key_id !== null) throw rpcError('AUTH_TOKEN_INVALIDX');
        const key = await tx.q
          .selectFrom('auth_keys')
          .select(['user_id', 'pending_user_id'])
          .where('auth_key_id', '=', found.auth_key_id)
          .executeTakeFirst();
        if (found.accepted_user_id === userId) {
          return { row: found, entry: { fresh: false, ended: [], passwordNeeded: key?.pending_user_id === userId } };
        }
        if (found.accepted_user_id !== null) throw rpcError('AUTH_TOKEN_ALREADY_ACCEPTED');
        if (found.expires_date <= nowDate) throw rpcError('AUTH_TOKEN_EXPIRED');
        if (found.except_ids.includes(userId)) throw rpcError('AUTH_TOKEN_EXCEPTION');
        // The key was destroyed or has logged in another way meanwhile.
        if (!key || key.user_id !== null) throw rpcError('AUTH_TOKEN_EXPIRED');
        await saveTokenAcceptor(tx, found.token_hash, userId);
        return { row: found, entry: await logIn.enter(tx, { permAuthKeyId: found.auth_key_id, address: found.address, init: undefined }, userId, { how: 'qr' }) };
      });
      const authKeyId = row.auth_key_id;
      shown.delete(authKeyId);
      await logIn.announce({ permAuthKeyId: authKeyId, address: row.address, init: undefined }, userId, entry);
      bus.publish(authTopic(authKeyId), { reason: 'login_token', date: nowDate });
      return { authKeyId, passwordNeeded: entry.passwordNeeded };
    },
  };
}
