import { rpcError } from '@aerogram/errors';
import type { Tx } from '@aerogram/storage';
import type { tl } from '@aerogram/tl';

import type { DomainDeps } from '../deps.ts';
import { checkedNewPassword } from './check-new-password.ts';
import { normalizeEmail } from './email-address.ts';
import { EMAIL_CODE_LENGTH, guessEmailCode, issueEmailCode, spendEmailCode, type EmailCodeRow } from './email-code-store.ts';
import type { PasswordProofs, Prover } from './password-proof.ts';
import {
  findPassword,
  findUnconfirmed,
  lockPassword,
  removePassword,
  savePassword,
  saveTmpPassword,
  saveUnconfirmed,
} from './password-store.ts';
import { sendEmailCode } from './send-email-code.ts';
import { transactOrRefuse } from './transact-or-refuse.ts';

/** What a client may know of a password before it proves that it has it. */
export interface PasswordState {
  /** The current one, with a fresh challenge. */
  current: { salt1: Uint8Array; salt2: Uint8Array; srpId: bigint; shown: Uint8Array; hint: string } | undefined;
  email: string | undefined;
  unconfirmedEmail: string | undefined;
  loginEmail: string | undefined;
  reset_date: number | undefined;
}

/** The password of the own account: set, changed, taken away; its recovery address. */
export interface PasswordSettings {
  findPasswordState(userId: bigint, authKeyId: bigint): Promise<PasswordState>;
  /** The recovery address, for who proves the password. @throws RpcError 400 PASSWORD_HASH_INVALID, SRP_ID_INVALID, 420 FLOOD_WAIT */
  findRecoveryEmail(prover: Prover, proof: tl.InputCheckPasswordSRP): Promise<string | undefined>;
  /**
   * Sets, changes or removes the password, its hint and its recovery address.
   * A new address counts once its code came back, and a first password waits for that.
   * @throws RpcError 400 PASSWORD_HASH_INVALID, SRP_ID_INVALID, NEW_SETTINGS_EMPTY, NEW_SETTINGS_INVALID,
   * NEW_SALT_INVALID, EMAIL_INVALID, EMAIL_UNCONFIRMED_6 (done; the code is on its way), 420 FLOOD_WAIT
   */
  doUpdatePassword(prover: Prover, proof: tl.InputCheckPasswordSRP, wanted: tl.account.passwordInputSettings): Promise<void>;
  /** @throws RpcError 400 CODE_INVALID, EMAIL_HASH_EXPIRED, 420 FLOOD_WAIT */
  doConfirmPasswordEmail(userId: bigint, code: string): Promise<void>;
  /** @throws RpcError 400 EMAIL_HASH_EXPIRED, 420 FLOOD_WAIT */
  doResendPasswordEmail(userId: bigint): Promise<void>;
  /** Forgets the address that waits for its code, and a first password with it. */
  doCancelPasswordEmail(userId: bigint): Promise<void>;
  /** A token that stands for the password for `periodS` seconds. @throws RpcError 400 TMP_PASSWORD_DISABLED, PASSWORD_HASH_INVALID */
  doMakeTmpPassword(prover: Prover, proof: tl.InputCheckPasswordSRP, periodS: number): Promise<{ token: Uint8Array; expires_date: number }>;
}

const TMP_PASSWORD_BYTES = 32;
const TMP_MIN_S = 60;
const TMP_MAX_S = 86_400;
const PURPOSE = 'confirm_password_email';

/** Makes the settings over passwords and their proofs. */
export function createPasswordSettings(deps: DomainDeps, parts: { proofs: PasswordProofs }): PasswordSettings {
  const { db, clock, random } = deps;
  const { proofs } = parts;

  const issue = (tx: Tx, userId: bigint, email: string) =>
    issueEmailCode(tx, { owner: String(userId), purpose: PURPOSE, email, code: randomCode(deps), nowDate: clock.now() });

  /** Notes a new address and makes its code; undefined when there is nothing to confirm. */
  const changeEmail = async (tx: Tx, userId: bigint, wanted: tl.account.passwordInputSettings) => {
    const email = wanted.email === undefined ? undefined : wanted.email === '' ? '' : normalizeEmail(wanted.email);
    const next = wanted.new_algo === undefined ? undefined : checkedNewPassword(wanted.new_algo, wanted.new_password_hash ?? new Uint8Array(), wanted.hint ?? '');
    if (wanted.new_algo !== undefined && next === undefined) {
      await removePassword(tx, userId);
      return undefined;
    }
    const current = await lockPassword(tx, userId);
    if (!current && !next) throw rpcError('PASSWORD_EMPTY');
    const awaits = email !== undefined && email !== '' && email !== current?.email;
    // A first password with an address: neither counts before the address is known to be the user's.
    const waits = awaits && !current;
    if (next && !waits) await savePassword(tx, userId, next, clock.now());
    if (!awaits) {
      if (email === undefined) return undefined;
      await tx.q.deleteFrom('unconfirmed_passwords').where('user_id', '=', userId).execute();
      await tx.q.updateTable('passwords').set({ email: email === '' ? null : email }).where('user_id', '=', userId).execute();
      return undefined;
    }
    await saveUnconfirmed(tx, userId, email, waits ? next : undefined);
    return issue(tx, userId, email);
  };

  return {
    async findPasswordState(userId, authKeyId) {
      const [password, unconfirmed, security] = await Promise.all([
        findPassword(db.q, userId),
        findUnconfirmed(db.q, userId),
        db.q.selectFrom('account_security').select('login_email').where('user_id', '=', userId).executeTakeFirst(),
      ]);
      const state = { unconfirmedEmail: unconfirmed?.email, loginEmail: security?.login_email ?? undefined };
      if (!password) return { current: undefined, email: undefined, reset_date: undefined, ...state };
      const { salt1, salt2, hint, email, reset_date } = password;
      const challenge = await proofs.doChallenge(userId, authKeyId, password);
      return { current: { salt1, salt2, hint, ...challenge }, email: email ?? undefined, reset_date: reset_date ?? undefined, ...state };
    },

    findRecoveryEmail: (prover, proof) =>
      transactOrRefuse(db, 'read-password-settings', async (tx) => {
        const refusal = await proofs.findRefusal(tx, prover, proof);
        if (refusal) return refusal;
        return (await findPassword(tx.q, prover.userId))?.email ?? undefined;
      }),

    async doUpdatePassword(prover, proof, wanted) {
      if (wanted.new_algo === undefined && wanted.email === undefined) {
        throw rpcError(wanted.new_secure_settings === undefined ? 'NEW_SETTINGS_EMPTY' : 'NEW_SETTINGS_INVALID');
      }
      const sent = await transactOrRefuse(db, 'update-password', async (tx) => {
        const refusal = await proofs.findRefusal(tx, prover, proof);
        return refusal ?? changeEmail(tx, prover.userId, wanted);
      });
      if (!sent) return;
      await sendEmailCode(deps, sent);
      throw rpcError('EMAIL_UNCONFIRMED_%d', EMAIL_CODE_LENGTH);
    },

    doConfirmPasswordEmail: (userId, code) =>
      transactOrRefuse(db, 'confirm-password-email', async (tx) => {
        const nowDate = clock.now();
        const current = await lockPassword(tx, userId);
        const found = await guessEmailCode(tx, { owner: String(userId), purpose: PURPOSE, code, nowDate });
        if (found === 'expired') return rpcError('EMAIL_HASH_EXPIRED');
        if (found === 'wrong') return rpcError('CODE_INVALID');
        if (typeof found === 'number') return rpcError('FLOOD_WAIT_%d', found);
        const row = await findUnconfirmed(tx.q, userId);
        if (!row || row.email !== found.email) return rpcError('EMAIL_HASH_EXPIRED');
        const { salt1, salt2, verifier, hint, email } = row;
        if (!current && verifier !== null && salt1 !== null && salt2 !== null) await savePassword(tx, userId, { salt1, salt2, verifier, hint }, nowDate);
        await tx.q.updateTable('passwords').set({ email }).where('user_id', '=', userId).execute();
        await tx.q.deleteFrom('unconfirmed_passwords').where('user_id', '=', userId).execute();
        await spendEmailCode(tx, String(userId), PURPOSE);
        return undefined;
      }),

    async doResendPasswordEmail(userId) {
      const sent: { row: EmailCodeRow; fresh: boolean } = await transactOrRefuse(db, 'resend-password-email', async (tx) => {
        const row = await findUnconfirmed(tx.q, userId);
        return row ? issue(tx, userId, row.email) : rpcError('EMAIL_HASH_EXPIRED');
      });
      await sendEmailCode(deps, sent);
    },

    async doCancelPasswordEmail(userId) {
      await db.transact('cancel-password-email', async (tx) => {
        await tx.q.deleteFrom('unconfirmed_passwords').where('user_id', '=', userId).execute();
        await spendEmailCode(tx, String(userId), PURPOSE);
      });
    },

    async doMakeTmpPassword(prover, proof, periodS) {
      if (periodS < TMP_MIN_S || periodS > TMP_MAX_S) throw rpcError('TMP_PASSWORD_DISABLED');
      return transactOrRefuse(db, 'make-tmp-password', async (tx) => {
        const refusal = await proofs.findRefusal(tx, prover, proof);
        if (refusal) return refusal;
        if (!(await findPassword(tx.q, prover.userId))) return rpcError('TMP_PASSWORD_DISABLED');
        const token = random.bytes(TMP_PASSWORD_BYTES);
        const expires_date = clock.now() + periodS;
        await saveTmpPassword(tx, prover.userId, token, clock.now(), expires_date);
        return { token, expires_date };
      });
    },
  };
}

/** A fresh code for an e-mail. */
export function randomCode({ random }: Pick<DomainDeps, 'random'>): string {
  return String(random.uint31() % 10 ** EMAIL_CODE_LENGTH).padStart(EMAIL_CODE_LENGTH, '0');
}
