import { authTopic } from '@aerogram/bus';
import { memberDcOf, newPresentedToken, type OtherHomes } from '@aerogram/cluster';
import { RpcError, rpcError } from '@aerogram/errors';
import type { tl } from '@aerogram/tl';
import { z } from 'zod';

import { packPlain, unpackPlain, wireBytes, wireUserId } from '../effects/index.ts';
import type { DomainDeps, UserKey } from '../shared/index.ts';
import { checkAuthorized } from './authorization-store.ts';
import { hashOfSecret } from './hash-of-secret.ts';
import type { LogIn, LoginDevice } from './log-in.ts';
import { insertLoginToken, saveTokenKey, saveTokenMove } from './login-token-store.ts';
import { projectComing } from './project-device.ts';

/** What the home of a person asks the one where a device shows a QR code that the person has accepted. */
const ACCEPT_TOKEN = 'auth.accept_login_token';
/** Length of tokens. */
export const TOKEN_BYTES = 32;
/** Seconds that a device has to come to the home of the person who accepted its code. */
const MOVE_S = 60;
/** Seconds for which expired tokens are kept. */
const KEPT_S = 600;
/** The longest text about a device that another home may tell, in characters: clients cannot give longer ones. */
const MAX_TEXT = 256;

const REFUSALS = ['AUTH_TOKEN_INVALIDX', 'AUTH_TOKEN_ALREADY_ACCEPTED', 'AUTH_TOKEN_EXPIRED', 'AUTH_TOKEN_EXCEPTION'] as const;

const question = z.object({ userId: wireUserId, token: wireBytes(TOKEN_BYTES), moved: wireBytes(TOKEN_BYTES) });
const text = z.string().max(MAX_TEXT);
const answer = z.union([
  z.object({ refusal: z.enum(REFUSALS) }),
  z.object({ device: z.object({ api_id: z.int().nullable(), device_model: text, system_version: text, app_version: text, lang_pack: text, address: text }) }),
]);
type Coming = Exclude<z.infer<typeof answer>, { refusal: unknown }>['device'];

/** A log-in that goes on in another data centre, where the person who accepted the token lives. */
export interface MovedLogin {
  dcId: number;
  /** The token with which the device logs in there. */
  token: Uint8Array;
}

type Deps = Pick<DomainDeps, 'db' | 'bus' | 'clock' | 'random' | 'log'> & { homes: OtherHomes };

/**
 * Log-in by QR code where the device that shows the code is in another data centre than the person who accepts it. The home of the person makes a second token, which
 * nobody sees but the device: the other home gives it to the key that showed the code. So who may log in here is decided here, by the person's own device.
 */
export class LoginsElsewhere {
  readonly #deps: Deps;
  readonly #logIn: LogIn;

  constructor(deps: Deps, logIn: LogIn) {
    this.#deps = deps;
    this.#logIn = logIn;
    deps.homes.onAsk(ACCEPT_TOKEN, async (body, from) => packPlain(await this.#answer(unpackPlain(question, body), from)));
  }

  /** The second token of a device whose code was accepted by somebody of another data centre. */
  async findMoved(authKeyId: bigint): Promise<MovedLogin | undefined> {
    const row = await this.#deps.db.q
      .selectFrom('login_tokens')
      .select(['moved_token', 'accepted_user_id'])
      .where('auth_key_id', '=', authKeyId)
      .where('moved_token', 'is not', null)
      .where('expires_date', '>', this.#deps.clock.now())
      .orderBy('expires_date', 'desc')
      .limit(1)
      .executeTakeFirst();
    const dcId = row && memberDcOf(this.#deps.homes, row.accepted_user_id!);
    return dcId === undefined ? undefined : { dcId, token: row!.moved_token! };
  }

  /** As `doAcceptElsewhere` of the tokens. */
  async doAccept(acceptor: UserKey, token: Uint8Array): Promise<tl.authorization | undefined> {
    const { db, clock, random, homes, log } = this.#deps;
    const [dc, { userId, authKeyId }] = [token[0], acceptor];
    if (dc === undefined || token.length !== TOKEN_BYTES || !homes.others.includes(dc)) return undefined;
    const moved = newPresentedToken(random, TOKEN_BYTES, homes.own);
    const [hash, nowDate] = [random.int63(), clock.now()];
    // Stored before the other home is asked, which gives it to the device at once. If that one refuses, nobody ever learns of it.
    await db.transact('accept-elsewhere', async (tx) => {
      await checkAuthorized(tx, acceptor);
      const row = { token_hash: hashOfSecret(moved), auth_key_id: 0n, address: '', except_ids: [], accepted_user_id: userId, authorization_hash: hash, acceptor_key_id: authKeyId };
      await insertLoginToken(tx, { ...row, expires_date: nowDate + MOVE_S }, nowDate - KEPT_S);
    });
    const said = unpackPlain(answer, await homes.ask(dc, ACCEPT_TOKEN, packPlain({ userId, token, moved })));
    if ('refusal' in said) throw rpcError(said.refusal);
    log.info({ userId, authorization: hash, dc }, 'a QR code of another data centre was accepted');
    return projectComing(said.device, { hash, nowDate });
  }

  /**
   * Logs in a device that comes with a second token, as the person who accepted its code.
   * @throws RpcError 400 AUTH_TOKEN_INVALIDX, AUTH_TOKEN_EXPIRED, 401 SESSION_PASSWORD_NEEDED
   */
  async doEnter(device: LoginDevice, token: Uint8Array): Promise<bigint> {
    const { db, clock } = this.#deps;
    const { userId, entry } = await db.transact('enter-from-elsewhere', async (tx) => {
      const row = await tx.q.selectFrom('login_tokens').selectAll().where('token_hash', '=', hashOfSecret(token)).forUpdate().executeTakeFirst();
      if (!row || row.accepted_user_id === null || row.auth_key_id !== 0n) throw rpcError('AUTH_TOKEN_INVALIDX');
      const { accepted_user_id: accepted, acceptor_key_id: acceptorKeyId } = row;
      if (row.expires_date <= clock.now()) throw rpcError('AUTH_TOKEN_EXPIRED');
      // A device that was logged out meanwhile lets nobody in.
      const acceptor = await tx.q.selectFrom('authorizations').select('hash').where('user_id', '=', accepted).where('auth_key_id', '=', acceptorKeyId).forShare().executeTakeFirst();
      if (!acceptor) throw rpcError('AUTH_TOKEN_EXPIRED');
      await saveTokenKey(tx, row.token_hash, device.permAuthKeyId);
      return { userId: accepted, entry: await this.#logIn.enter(tx, device, accepted, { how: 'qr', hash: row.authorization_hash ?? undefined }) };
    });
    await this.#logIn.announce(device, userId, entry);
    if (entry.passwordNeeded) throw rpcError('SESSION_PASSWORD_NEEDED');
    return userId;
  }

  /** Answers the home of somebody who has accepted a token that a device shows here. That home speaks for its own people only. */
  async #answer({ userId, token, moved }: z.infer<typeof question>, from: number): Promise<z.infer<typeof answer>> {
    const { bus, clock, homes, log } = this.#deps;
    if (homes.dcOf(userId) !== from || moved.length !== TOKEN_BYTES) throw new Error('a data centre has accepted a token for somebody who does not live there');
    try {
      const { authKeyId, device } = await this.#move({ userId, token, moved });
      log.info({ dc: from }, 'the QR code of a device was accepted in another data centre');
      bus.publish(authTopic(authKeyId), { reason: 'login_token', date: clock.now() });
      return { device };
    } catch (error) {
      const refusal = error instanceof RpcError ? REFUSALS.find((one) => one === error.text) : undefined;
      if (refusal === undefined) throw error;
      return { refusal };
    }
  }

  async #move({ userId, token, moved }: z.infer<typeof question>): Promise<{ authKeyId: bigint; device: Coming }> {
    const { db, clock } = this.#deps;
    return db.transact('move-login', async (tx) => {
      const nowDate = clock.now();
      const row = await tx.q.selectFrom('login_tokens').selectAll().where('token_hash', '=', hashOfSecret(token)).forUpdate().executeTakeFirst();
      if (!row || row.acceptor_key_id !== null) throw rpcError('AUTH_TOKEN_INVALIDX');
      const key = await tx.q
        .selectFrom('auth_keys')
        .select(['user_id', 'api_id', 'device_model', 'system_version', 'app_version', 'lang_pack'])
        .where('auth_key_id', '=', row.auth_key_id)
        .executeTakeFirst();
      if (row.accepted_user_id !== null && row.accepted_user_id !== userId) throw rpcError('AUTH_TOKEN_ALREADY_ACCEPTED');
      if (row.expires_date <= nowDate || !key || key.user_id !== null) throw rpcError('AUTH_TOKEN_EXPIRED');
      if (row.except_ids.includes(userId)) throw rpcError('AUTH_TOKEN_EXCEPTION');
      // A repeat changes nothing: the device may have the second token already.
      if (row.accepted_user_id === null) await saveTokenMove(tx, row.token_hash, { accepted_user_id: userId, moved_token: moved, expires_date: nowDate + MOVE_S });
      const { user_id: _, ...device } = key;
      return { authKeyId: row.auth_key_id, device: { ...device, address: row.address } };
    });
  }
}
