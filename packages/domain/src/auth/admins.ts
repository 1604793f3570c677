import { type RpcError, rpcError } from '@aerogram/errors';
import { isLoopbackHost, networkOf } from '@aerogram/runtime';
import type { Database } from '@aerogram/storage';
import type { tl } from '@aerogram/tl';

import { asAdmin, noteOperator } from '../operators/index.ts';
import { normalizePhone } from '../peers/index.ts';
import { type DomainDeps, ExactQuota, QuotaBuckets, type QuotaDeps, QUOTAS, refuseWait, useQuota } from '../shared/index.ts';
import {
  deleteSession,
  findAdminByPhone,
  findCodeHashOf,
  findSession,
  insertLogIn,
  insertSession,
  listLogInDates,
  lockLogIn,
  removeAdmin,
  saveAdmin,
  SESSION_IDLE_S,
  SESSION_LIFE_S,
  touchSession,
  updateLogIn,
} from './admin-store.ts';
import type { CodeSender } from './code-sender.ts';
import { hashOfSecret } from './hash-of-secret.ts';
import type { LoginDevice } from './log-in.ts';
import { tellLogInFailure } from './log-in-events.ts';
import { guessCode, updateCode } from './login-code-store.ts';
import type { PasswordProofs } from './password-proof.ts';
import { findPassword, lockPassword, passwordVersion } from './password-store.ts';
import { transactOrRefuse } from './transact-or-refuse.ts';

const TOKEN_BYTES = 32;
const TOKEN = /^[\w-]{43}$/;
/** Seconds within which uses of a session are not recorded again. */
const TOUCH_S = 60;

/** Lets an account use the admin page. @returns false if it may already */
export function doGrantAdmin(db: Database, userId: bigint, nowDate: number): Promise<boolean> {
  return db.transact('grant-admin', async (tx) => {
    const isNew = await saveAdmin(tx, userId, nowDate);
    if (isNew) await noteOperator(tx, `grant account ${userId} the use of the admin page`, nowDate);
    return isNew;
  });
}

/** Takes the right to use the admin page away, and ends all sessions there. @returns false if the account had no right */
export function doRevokeAdmin(db: Database, userId: bigint, nowDate: number): Promise<boolean> {
  return db.transact('revoke-admin', async (tx) => {
    const had = await removeAdmin(tx, userId);
    if (had) await noteOperator(tx, `revoke the use of the admin page by account ${userId}`, nowDate);
    return had;
  });
}

/** What an admin's browser needs to prove the password. */
export interface AdminChallenge {
  srpId: bigint;
  /** The server's half of the exchange. */
  shown: Uint8Array;
  salt1: Uint8Array;
  salt2: Uint8Array;
  hint: string;
}

/** An admin who is logged in. */
export interface ActingAdmin {
  userId: bigint;
  name: string;
}

type DoorDeps = Pick<DomainDeps, 'db' | 'clock' | 'random' | 'log' | 'metrics'> & QuotaDeps;

/**
 * Log-in at the admin page: a number, the code that is sent to it, and the account's password. Numbers that are no admin's are answered alike
 * until the password is asked for, and are sent nothing.
 */
export class AdminDoor {
  readonly #deps: DoorDeps;
  readonly #parts: { codes: CodeSender; proofs: PasswordProofs };
  readonly #changes: QuotaBuckets;
  readonly #notices: QuotaBuckets;
  readonly #byAddress: ExactQuota;

  constructor(deps: DoorDeps, parts: { codes: CodeSender; proofs: PasswordProofs }) {
    this.#deps = deps;
    this.#parts = parts;
    // They hold for admins without limits, too: a session may be in the wrong hands.
    this.#changes = new QuotaBuckets({ clock: deps.clock }, 'adminChanges');
    this.#notices = new QuotaBuckets({ clock: deps.clock }, 'adminNotices');
    this.#byAddress = new ExactQuota(deps, 'adminLogIns');
  }

  /**
   * Begins a log-in, and sends a code if the number is an admin's.
   * @param isForwarded see `LoginDevice`
   * @returns the token of the log-in
   * @throws RpcError 400 PHONE_NUMBER_INVALID, 420 FLOOD_WAIT
   */
  async doBegin(phoneNumber: string, address: string, isForwarded?: boolean): Promise<string> {
    const { db, clock, random } = this.#deps;
    const phone = normalizePhone(phoneNumber);
    const device = { ...deviceOf(random.int63(), address), isForwarded };
    await this.#parts.codes.checkAsking(device, phone);
    if (!isLoopbackHost(address)) await refuseWait(this.#byAddress.take(`${phone} ${networkOf(address)}`, 1));
    const token = this.#newToken();
    const userId = await findAdminByPhone(db.q, phone);
    const nowDate = clock.now();
    await transactOrRefuse(db, 'begin-admin-log-in', async (tx) => {
      // Counted whether or not the number is an admin's.
      const { most, periodS } = useQuota('adminLogInsOfNumber');
      const dates = await listLogInDates(tx, phone, nowDate - periodS);
      if (dates.length >= most) return rpcError('FLOOD_WAIT_%d', dates.at(-most)! + periodS - nowDate);
      return insertLogIn(tx, { token_hash: hashOfSecret(token), phone, auth_key_id: device.permAuthKeyId, user_id: userId ?? null, created_date: nowDate });
    });
    const sending = userId === undefined ? undefined : this.#send(device, phone);
    // Not awaited otherwise, so that the time of the answer tells nothing about the number. The code of a test number is known before it is sent.
    if (this.#parts.codes.testCode(phone) !== undefined) await sending;
    return token;
  }

  async #send(device: LoginDevice, phone: string): Promise<void> {
    try {
      await this.#parts.codes.doSend(device, phone, { purpose: 'login', client: { knowsEmailSetUp: false }, isCounted: true });
    } catch (error) {
      this.#deps.log.warn({ err: error }, 'the code of a log-in at the admin page could not be sent');
    }
  }

  /**
   * Takes the code.
   * @throws RpcError 400 PHONE_CODE_INVALID (also for a code that cannot be used any more), PHONE_CODE_EXPIRED (begin anew), PASSWORD_EMPTY (the code was right, but the
   * account has no password)
   */
  async doEnterCode(token: string, code: string, address: string): Promise<AdminChallenge> {
    const { db, clock } = this.#deps;
    const nowDate = clock.now();
    const entered = await transactOrRefuse(db, 'enter-admin-code', async (tx) => {
      const row = await lockLogIn(tx, hashOfSecret(token), nowDate);
      if (row === undefined || row.tries >= useQuota('adminCodeGuesses').most) return rpcError('PHONE_CODE_EXPIRED');
      const codeHash = row.user_id === null ? undefined : await findCodeHashOf(tx, row);
      const device = deviceOf(row.auth_key_id, address);
      const found = codeHash === undefined ? undefined : await this.#parts.codes.accessCode(tx, device, { phone: row.phone, codeHash }, 'login').catch(ignoreRefusal);
      if (found === undefined || (await guessCode(tx, found, code, nowDate)) !== 'right') {
        await updateLogIn(tx, row.token_hash, { tries: row.tries + 1 });
        tx.afterCommit(() => tellLogInFailure(this.#deps, { reason: 'code', userId: row.user_id ?? undefined, how: 'admin_page', address }));
        return rpcError('PHONE_CODE_INVALID');
      }
      await updateCode(tx, found, { accepted_date: found.accepted_date ?? nowDate, user_id: row.user_id });
      const password = await findPassword(tx.q, row.user_id!);
      if (password === undefined) return rpcError('PASSWORD_EMPTY');
      await updateLogIn(tx, row.token_hash, { has_code: true });
      return { password, userId: row.user_id!, keyId: row.auth_key_id };
    });
    const { salt1, salt2, hint } = entered.password;
    return { salt1, salt2, hint, ...(await this.#parts.proofs.doChallenge(entered.userId, entered.keyId, entered.password)) };
  }

  /**
   * Takes the proof of the password, and logs the admin in.
   * @returns the token of the session, and for whom it is
   * @throws RpcError 400 PASSWORD_HASH_INVALID (enter the code again for a new exchange), SRP_ID_INVALID, PHONE_CODE_EXPIRED (begin anew), 420 FLOOD_WAIT
   */
  async doProve(logIn: string, proof: tl.inputCheckPasswordSRP, address: string): Promise<{ token: string; userId: bigint }> {
    const { db, clock, log } = this.#deps;
    const nowDate = clock.now();
    const token = this.#newToken();
    const userId = await transactOrRefuse(db, 'log-admin-in', async (tx): Promise<bigint | RpcError> => {
      const row = await lockLogIn(tx, hashOfSecret(logIn), nowDate);
      if (row === undefined || !row.has_code || row.user_id === null) return rpcError('PHONE_CODE_EXPIRED');
      const prover = { userId: row.user_id, authKeyId: row.auth_key_id, loggingIn: true, address, requestHash: row.token_hash };
      const { refusal } = await this.#parts.proofs.check(tx, prover, proof);
      if (refusal) return refusal;
      // Each log-in makes one session.
      await updateLogIn(tx, row.token_hash, { user_id: null, has_code: false, tries: QUOTAS.adminCodeGuesses.most });
      const password = await lockPassword(tx, row.user_id);
      // The password, or the right, was taken away meanwhile.
      if (password === undefined || (await findAdminByPhone(tx.q, row.phone)) !== row.user_id) return rpcError('PHONE_CODE_EXPIRED');
      await insertSession(tx, { token_hash: hashOfSecret(token), user_id: row.user_id, password_version: passwordVersion(password), address, created_date: nowDate, used_date: nowDate });
      await asAdmin(row.user_id, () => noteOperator(tx, `enter the admin page as account ${row.user_id} from ${address}`, nowDate));
      return row.user_id;
    });
    log.info({ event: 'log_in', userId, how: 'admin_page', address }, 'an admin logged in');
    return { token, userId };
  }

  /**
   * Whose session a cookie is. The right is read from the rows each time: a session whose account was banned, deleted or lost the right, or whose password was changed, ends.
   * @param isUse false for what a page asks by itself, which does not keep a session from ending
   */
  async findActing(token: string, isUse: boolean): Promise<ActingAdmin | undefined> {
    if (!TOKEN.test(token)) return undefined;
    const { db, clock } = this.#deps;
    const session = await findSession(db.q, hashOfSecret(token));
    if (session === undefined) return undefined;
    const nowDate = clock.now();
    const isAlive = session.created_date > nowDate - SESSION_LIFE_S && session.used_date > nowDate - SESSION_IDLE_S;
    if (!isAlive || !session.isAdmin || session.password === undefined || passwordVersion(session.password) !== session.password_version) {
      await db.transact('drop-ended-admin-session', (tx) => deleteSession(tx, session.token_hash));
      return undefined;
    }
    if (isUse && session.used_date < nowDate - TOUCH_S) await db.transact('use-admin-session', (tx) => touchSession(tx, session.token_hash, nowDate));
    return { userId: session.user_id, name: session.name };
  }

  /** Counts a change that an admin makes. @param isNotice whether everybody is written to @throws RpcError 420 FLOOD_WAIT */
  countChange(userId: bigint, isNotice: boolean): Promise<void> | undefined {
    return refuseWait((isNotice ? this.#notices : this.#changes).take(String(userId), 1));
  }

  /** Ends a session. */
  async doLeave(token: string): Promise<void> {
    await this.#deps.db.transact('end-admin-session', (tx) => deleteSession(tx, hashOfSecret(token)));
  }

  #newToken(): string {
    return Buffer.from(this.#deps.random.bytes(TOKEN_BYTES)).toString('base64url');
  }
}


/** What stands for a device in codes. */
const deviceOf = (permAuthKeyId: bigint, address: string): LoginDevice => ({ permAuthKeyId, userId: undefined, pendingUserId: undefined, address, init: undefined });

/** Turns the refusal of a code that cannot be used any more into undefined, which the caller treats as a wrong code. */
function ignoreRefusal(error: unknown): undefined {
  if (error instanceof Error && error.name === 'RpcError') return undefined;
  throw error;
}
