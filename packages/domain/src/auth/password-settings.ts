import { RpcError, rpcError } from '@aerogram/errors';
import type { Tx } from '@aerogram/storage';
import type { tl } from '@aerogram/tl';

import type { DomainDeps } from '../shared/index.ts';
import { checkAuthorized, endWaiting } from './authorization-store.ts';
import { checkedNewPassword } from './check-new-password.ts';
import type { Devices } from './devices.ts';
import { normalizeEmail } from './email-address.ts';
import type { EmailCodeSender } from './email-code-sender.ts';
import { EMAIL_CODE_LENGTH, type EmailCodeRow, type EmailCodeScope, guessEmailCode, issueEmailCode, spendEmailCodes } from './email-code-store.ts';
import type { KeyStates } from './key-state.ts';
import type { PasswordProofs, Prover } from './password-proof.ts';
import {
  deleteUnconfirmedPassword,
  findPassword,
  findUnconfirmed,
  lockPassword,
  type PasswordRow,
  passwordVersion,
  removePassword,
  savePassword,
  saveRecoveryEmail,
  saveTmpPassword,
  saveUnconfirmed,
} from './password-store.ts';
import { transactOrRefuse } from './transact-or-refuse.ts';

/** What a client may know about a password before proving it. */
export interface PasswordState {
  /** The current password's parameters, with a new SRP challenge. */
  current: { salt1: Uint8Array; salt2: Uint8Array; srpId: bigint; shown: Uint8Array; hint: string } | undefined;
  email: string | undefined;
  unconfirmedEmail: string | undefined;
  loginEmail: string | undefined;
  reset_date: number | undefined;
}

const TMP_PASSWORD_BYTES = 32;
const TMP_MIN_S = 60;
const TMP_MAX_S = 86_400;

interface Parts {
  proofs: PasswordProofs;
  emailCodes: EmailCodeSender;
  devices: Devices;
  states: KeyStates;
}

/** Setting, changing and removing the account's password and its recovery address. */
export class PasswordSettings {
  readonly #deps: DomainDeps;
  readonly #parts: Parts;

  constructor(deps: DomainDeps, parts: Parts) {
    this.#deps = deps;
    this.#parts = parts;
  }

  async findPasswordState(userId: bigint, authKeyId: bigint): Promise<PasswordState> {
    const { db } = this.#deps;
    const [password, unconfirmed, security] = await Promise.all([
      findPassword(db.q, userId),
      findUnconfirmed(db.q, userId),
      db.q.selectFrom('account_security').select('login_email').where('user_id', '=', userId).executeTakeFirst(),
    ]);
    const state = { unconfirmedEmail: unconfirmed?.email, loginEmail: security?.login_email ?? undefined };
    if (!password) return { current: undefined, email: undefined, reset_date: undefined, ...state };
    const { salt1, salt2, hint, email, reset_date } = password;
    const challenge = await this.#parts.proofs.doChallenge(userId, authKeyId, password);
    return { current: { salt1, salt2, hint, ...challenge }, email: email ?? undefined, reset_date: reset_date ?? undefined, ...state };
  }

  /**
   * Returns the recovery address if the proof is right.
   * @throws RpcError 400 PASSWORD_HASH_INVALID, SRP_ID_INVALID, 420 FLOOD_WAIT
   */
  findRecoveryEmail(prover: Prover, proof: tl.InputCheckPasswordSRP): Promise<string | undefined> {
    return transactOrRefuse(this.#deps.db, 'read-password-settings', async (tx) => {
      const refusal = await this.#parts.proofs.findRefusal(tx, prover, proof);
      if (refusal) return refusal;
      return (await findPassword(tx.q, prover.userId))?.email ?? undefined;
    });
  }

  /**
   * Sets, changes or removes the password, its hint and its recovery address. A new address takes effect once its code is confirmed; a
   * first password set together with an address waits for that too.
   * @throws RpcError 400 PASSWORD_HASH_INVALID, SRP_ID_INVALID, NEW_SETTINGS_EMPTY, NEW_SETTINGS_INVALID, NEW_SALT_INVALID, EMAIL_INVALID,
   * SESSION_TOO_FRESH_%d, SMS_CODE_CREATE_FAILED, EMAIL_UNCONFIRMED_6 (the change succeeded and the code was sent), 420 FLOOD_WAIT
   */
  async doUpdatePassword(prover: Prover, proof: tl.InputCheckPasswordSRP, wanted: tl.account.passwordInputSettings): Promise<void> {
    if (wanted.new_algo === undefined && wanted.email === undefined) {
      throw rpcError(wanted.new_secure_settings === undefined ? 'NEW_SETTINGS_EMPTY' : 'NEW_SETTINGS_INVALID');
    }
    const { ended, sent, isRepeat } = await transactOrRefuse(this.#deps.db, 'update-password', async (tx) => {
      await checkAuthorized(tx, prover);
      const outcome = await this.#parts.proofs.check(tx, prover, proof);
      if (outcome.refusal) return outcome.refusal;
      return outcome.isRepeat ? this.#repeat(tx, prover) : this.#change(tx, prover, wanted, outcome.srpId);
    });
    await this.#parts.states.keysDecided(ended, 'ended');
    if (!isRepeat) this.#deps.log.info({ userId: prover.userId, ...describeChange(wanted) }, 'the settings of a password were changed');
    if (!sent) return;
    await this.#parts.emailCodes.send(sent);
    throw rpcError('EMAIL_UNCONFIRMED_%d', EMAIL_CODE_LENGTH);
  }

  /**
   * Confirms the new recovery address with its code.
   * @throws RpcError 400 CODE_INVALID, EMAIL_HASH_EXPIRED, 420 FLOOD_WAIT
   */
  async doConfirmPasswordEmail(userId: bigint, code: string): Promise<void> {
    const { log } = this.#deps;
    await transactOrRefuse(this.#deps.db, 'confirm-password-email', async (tx) => {
      const nowDate = this.#deps.clock.now();
      const current = await lockPassword(tx, userId);
      const row = await findUnconfirmed(tx.q, userId);
      if (!row) return rpcError('EMAIL_HASH_EXPIRED');
      const found = await guessEmailCode(tx, this.#scopeOf(userId, row.auth_key_id, current), { code, nowDate });
      if (found === 'wrong') tx.afterCommit(() => log.info({ userId, purpose: 'confirm_password_email' }, 'a wrong code was given'));
      if (found === 'expired') return rpcError('EMAIL_HASH_EXPIRED');
      if (found === 'wrong') return rpcError('CODE_INVALID');
      if (typeof found === 'number') return rpcError('FLOOD_WAIT_%d', found);
      if (row.email !== found.email) return rpcError('EMAIL_HASH_EXPIRED');
      const { salt1, salt2, verifier, hint, email } = row;
      if (!current && verifier !== null && salt1 !== null && salt2 !== null) await savePassword(tx, userId, { salt1, salt2, verifier, hint }, { nowDate });
      await saveRecoveryEmail(tx, userId, email);
      return undefined;
    });
    log.info({ userId }, 'the recovery e-mail of a password was confirmed');
  }

  /**
   * Sends a new code to the unconfirmed address.
   * @throws RpcError 400 EMAIL_HASH_EXPIRED, 420 FLOOD_WAIT
   */
  async doResendPasswordEmail(userId: bigint): Promise<void> {
    const sent = await transactOrRefuse(this.#deps.db, 'resend-password-email', async (tx) => {
      const row = await findUnconfirmed(tx.q, userId);
      return row ? this.#issue(tx, userId, row.auth_key_id, row.email) : rpcError('EMAIL_HASH_EXPIRED');
    });
    await this.#parts.emailCodes.send(sent);
  }

  /** Discards the unconfirmed address, and a first password that waits for it. */
  async doCancelPasswordEmail(userId: bigint): Promise<void> {
    await this.#deps.db.transact('cancel-password-email', async (tx) => {
      await deleteUnconfirmedPassword(tx, userId);
      await spendEmailCodes(tx, String(userId), { purposes: ['confirm_password_email'] });
    });
  }

  /**
   * Returns a token that stands for the password for `periodS` seconds.
   * @throws RpcError 400 TMP_PASSWORD_DISABLED, PASSWORD_HASH_INVALID
   */
  async doMakeTmpPassword(prover: Prover, proof: tl.InputCheckPasswordSRP, periodS: number): Promise<{ token: Uint8Array; expires_date: number }> {
    const { clock } = this.#deps;
    if (periodS < TMP_MIN_S || periodS > TMP_MAX_S) throw rpcError('TMP_PASSWORD_DISABLED');
    return transactOrRefuse(this.#deps.db, 'make-tmp-password', async (tx) => {
      await checkAuthorized(tx, prover);
      const refusal = await this.#parts.proofs.findRefusal(tx, prover, proof);
      if (refusal) return refusal;
      if (!(await findPassword(tx.q, prover.userId))) return rpcError('TMP_PASSWORD_DISABLED');
      const token = this.#deps.random.bytes(TMP_PASSWORD_BYTES);
      const expires_date = clock.now() + periodS;
      await saveTmpPassword(tx, prover.userId, { token, authKeyId: prover.authKeyId, nowDate: clock.now(), expires_date });
      return { token, expires_date };
    });
  }

  /** A code that confirms an address is valid for the key that named the address, and only while the password stays the same. */
  #scopeOf(userId: bigint, authKeyId: bigint, password: PasswordRow | undefined): EmailCodeScope {
    return {
      owner: String(userId),
      purpose: 'confirm_password_email',
      authKeyId,
      boundTo: passwordVersion(password),
    };
  }

  async #issue(tx: Tx, userId: bigint, authKeyId: bigint, email: string): Promise<EmailCodeRow | RpcError> {
    const scope = this.#scopeOf(userId, authKeyId, await findPassword(tx.q, userId));
    return issueEmailCode(tx, scope, { email, code: this.#parts.emailCodes.randomCode(), nowDate: this.#deps.clock.now() });
  }

  /** Removes the password. Log-ins that wait for it have to start again, because their first factor may be a day old. */
  async #remove(tx: Tx, { userId, authKeyId }: Prover, srpId: bigint | undefined): Promise<bigint[]> {
    await removePassword(tx, userId, srpId);
    return endWaiting(tx, userId, { exceptAuthKeyId: authKeyId });
  }

  /** Carries out a change, and creates the code for a new address. */
  async #change(tx: Tx, prover: Prover, wanted: tl.account.passwordInputSettings, srpId: bigint | undefined): Promise<Changed | RpcError> {
    const { userId, authKeyId } = prover;
    const email = wanted.email === undefined ? undefined : wanted.email === '' ? '' : normalizeEmail(wanted.email);
    const next = wanted.new_algo === undefined ? undefined : checkedNewPassword(wanted.new_algo, wanted.new_password_hash ?? new Uint8Array(), wanted.hint ?? '');
    if (wanted.new_algo !== undefined && next === undefined) return { ended: await this.#remove(tx, prover, srpId), sent: undefined };
    const current = await lockPassword(tx, userId);
    if (!current && !next) throw rpcError('PASSWORD_EMPTY');
    if (!current) await this.#parts.devices.checkTrusted(tx, prover);
    const awaits = email !== undefined && email !== '' && email !== current?.email;
    // A first password with an address: neither takes effect until the address is confirmed.
    const waits = awaits && !current;
    if (next && !waits) await savePassword(tx, userId, next, { nowDate: this.#deps.clock.now(), bySrpId: srpId });
    if (!awaits) {
      if (email !== undefined) await saveRecoveryEmail(tx, userId, email === '' ? null : email);
      return { ended: [], sent: undefined };
    }
    await saveUnconfirmed(tx, userId, { authKeyId, email, password: waits ? next : undefined });
    const sent = await this.#issue(tx, userId, authKeyId, email);
    return sent instanceof RpcError ? sent : { ended: [], sent };
  }

  /** Handles the repeat of a request that was carried out: only its e-mail may still have to be sent. */
  async #repeat(tx: Tx, { userId, authKeyId }: Prover): Promise<Changed | RpcError> {
    const unconfirmed = await findUnconfirmed(tx.q, userId);
    if (unconfirmed?.auth_key_id !== authKeyId) return { ended: [], sent: undefined, isRepeat: true };
    const sent = await this.#issue(tx, userId, authKeyId, unconfirmed.email);
    return sent instanceof RpcError ? sent : { ended: [], sent, isRepeat: true };
  }
}

/** The result of a change of the settings. */
interface Changed {
  /** Keys whose log-in has to start again. */
  ended: bigint[];
  /** The code that confirms the new address. */
  sent: EmailCodeRow | undefined;
  isRepeat?: boolean;
}

/** For the log: which of the settings changed, without their values. Pure. */
function describeChange(wanted: tl.account.passwordInputSettings): { passwordIs: 'kept' | 'set' | 'removed'; emailIs: 'kept' | 'asked' | 'removed' } {
  const passwordIs = wanted.new_algo === undefined ? 'kept' : (wanted.new_password_hash?.length ?? 0) > 0 ? 'set' : 'removed';
  return { passwordIs, emailIs: wanted.email === undefined ? 'kept' : wanted.email === '' ? 'removed' : 'asked' };
}
