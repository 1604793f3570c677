import { type RpcError, rpcError } from '@aerogram/errors';
import type { Tx } from '@aerogram/storage';
import type { tl } from '@aerogram/tl';

import { passwordRemovedNotice, passwordResetNotice, type ServiceChat } from '../service/index.ts';
import type { DomainDeps, UserKey } from '../shared/index.ts';
import { checkAuthorized, endWaiting } from './authorization-store.ts';
import { checkedNewPassword } from './check-new-password.ts';
import { emailPattern } from './email-address.ts';
import type { EmailCodeSender } from './email-code-sender.ts';
import { type EmailCodeScope, guessEmailCode, issueEmailCode } from './email-code-store.ts';
import type { KeyStates } from './key-state.ts';
import { tellLogInFailure } from './log-in-events.ts';
import { countGuess, findPassword, findUnconfirmed, lockPassword, type PasswordRow, passwordVersion, removePassword, savePassword, saveReset } from './password-store.ts';
import { transactOrRefuse } from './transact-or-refuse.ts';

/** The result of a request to remove the password. */
export type ResetOutcome = { kind: 'done' } | { kind: 'waits'; until_date: number } | { kind: 'refused'; retry_date: number };

/** Who gives a recovery code. */
export interface Recoverer extends UserKey {
  /** The key is not logged in yet. */
  loggingIn?: boolean;
  /** For the log. */
  address?: string;
}

/** What users who have forgotten the password can do. */
export interface PasswordRecovery {
  /**
   * Sends a code to the recovery address. Only the requesting key can use it, and only while the password and address stay the same.
   * @returns the masked address
   * @throws RpcError 400 PASSWORD_EMPTY, PASSWORD_RECOVERY_NA, SMS_CODE_CREATE_FAILED, 420 FLOOD_WAIT
   */
  doRequestRecovery(asker: UserKey): Promise<string>;
  /**
   * Checks a recovery code without using it.
   * @throws RpcError 400 CODE_INVALID, PASSWORD_RECOVERY_EXPIRED, 420 FLOOD_WAIT
   */
  doCheckRecoveryCode(asker: Recoverer, code: string): Promise<void>;
  /**
   * Removes the password, or replaces it with the given one, if the recovery code is right. The caller must commit even if this returns an
   * error.
   * @returns other keys whose log-in waited for the password and has to start again; or the error to answer: 400 CODE_INVALID,
   * PASSWORD_RECOVERY_EXPIRED, 420 FLOOD_WAIT
   */
  recover(tx: Tx, asker: Recoverer, code: string, settings: tl.account.passwordInputSettings | undefined): Promise<bigint[] | RpcError>;
  /**
   * Requests the removal of the password from a logged-in device. A week later a second call carries it out. The request ends when the
   * password changes, or when another device logs out the requesting one.
   * @throws RpcError 400 PASSWORD_EMPTY
   */
  doResetPassword(asker: UserKey): Promise<ResetOutcome>;
  /**
   * Takes the password off for the operator, with everything that was issued for it, and tells the owner.
   * @returns false if there is none
   */
  doRemovePassword(userId: bigint): Promise<boolean>;
  /**
   * Cancels such a request.
   * @throws RpcError 400 RESET_REQUEST_MISSING
   */
  doDeclineReset(userId: bigint): Promise<void>;
}

const RESET_WAIT_S = 7 * 24 * 3600;
/** Seconds before a new request is allowed after one was cancelled. */
const DECLINED_WAIT_S = 24 * 3600;

/**
 * Creates the recovery operations.
 * @see https://core.telegram.org/api/srp#recovery
 */
export function createPasswordRecovery(
  deps: DomainDeps,
  parts: { serviceChat: ServiceChat; emailCodes: EmailCodeSender; states: KeyStates },
): PasswordRecovery {
  const { db, clock, log } = deps;
  const { serviceChat, emailCodes, states } = parts;

  const scopeOf = ({ userId, authKeyId }: UserKey, password: PasswordRow | undefined): EmailCodeScope => ({
    owner: String(userId),
    purpose: 'recovery',
    authKeyId,
    boundTo: passwordVersion(password),
  });

  const findRefusal = async (tx: Tx, asker: Recoverer, code: string): Promise<RpcError | undefined> => {
    const password = await lockPassword(tx, asker.userId);
    const found = await guessEmailCode(tx, scopeOf(asker, password), { code, nowDate: clock.now() });
    const { userId, loggingIn, address } = asker;
    if (found === 'wrong' && loggingIn === true) tx.afterCommit(() => tellLogInFailure(deps, { reason: 'recovery_code', userId, address }));
    else if (found === 'wrong') tx.afterCommit(() => log.info({ userId, purpose: 'recovery' }, 'a wrong code was given'));
    if (found === 'expired') return rpcError('PASSWORD_RECOVERY_EXPIRED');
    if (found === 'wrong') return rpcError('CODE_INVALID');
    if (typeof found === 'number') return rpcError('FLOOD_WAIT_%d', found);
    return password ? undefined : rpcError('PASSWORD_EMPTY');
  };

  return {
    async doRequestRecovery(asker) {
      const sent = await transactOrRefuse(db, 'request-recovery', async (tx) => {
        const password = await findPassword(tx.q, asker.userId);
        if (!password) return rpcError('PASSWORD_EMPTY');
        if (password.email === null) return rpcError('PASSWORD_RECOVERY_NA');
        return issueEmailCode(tx, scopeOf(asker, password), { email: password.email, code: emailCodes.randomCode(), nowDate: clock.now() });
      });
      await emailCodes.send(sent);
      return emailPattern(sent.email);
    },

    doCheckRecoveryCode: (asker, code) => transactOrRefuse(db, 'check-recovery-code', (tx) => findRefusal(tx, asker, code)),

    async recover(tx, asker, code, settings) {
      const { userId, authKeyId } = asker;
      const refusal = await findRefusal(tx, asker, code);
      if (refusal) return refusal;
      const next = settings?.new_algo && checkedNewPassword(settings.new_algo, settings.new_password_hash ?? new Uint8Array(), settings.hint ?? '');
      await countGuess(tx, { userId, loggingIn: true }, true, clock.now());
      if (next) await savePassword(tx, userId, next, { nowDate: clock.now() });
      else await removePassword(tx, userId);
      tx.afterCommit(() => log.info({ userId, passwordIs: next ? 'set' : 'removed' }, 'a password was recovered by e-mail'));
      return next ? [] : endWaiting(tx, userId, { exceptAuthKeyId: authKeyId });
    },

    async doResetPassword({ userId, authKeyId }) {
      const nowDate = clock.now();
      const { outcome, ended } = await db.transact('reset-password', async (tx): Promise<{ outcome: ResetOutcome; ended: bigint[] }> => {
        await checkAuthorized(tx, { userId, authKeyId });
        const password = await lockPassword(tx, userId);
        if (!password) throw rpcError('PASSWORD_EMPTY');
        const { reset_date, reset_declined_date } = password;
        if (reset_date !== null) {
          if (reset_date > nowDate) return { outcome: { kind: 'waits', until_date: reset_date }, ended: [] };
          await removePassword(tx, userId);
          return { outcome: { kind: 'done' }, ended: await endWaiting(tx, userId) };
        }
        const retry_date = (reset_declined_date ?? 0) + DECLINED_WAIT_S;
        if (retry_date > nowDate) return { outcome: { kind: 'refused', retry_date }, ended: [] };
        const until_date = nowDate + RESET_WAIT_S;
        await saveReset(tx, userId, { reset_date: until_date, reset_auth_key_id: authKeyId });
        // The other devices are told, so that the thief of one device cannot wait unnoticed.
        await serviceChat.order(tx, userId, passwordResetNotice(until_date));
        return { outcome: { kind: 'waits', until_date }, ended: [] };
      });
      await states.keysDecided(ended, 'ended');
      log.info({ userId, outcome: outcome.kind }, 'the reset of a password was asked for');
      return outcome;
    },

    async doRemovePassword(userId) {
      const ended = await db.transact('remove-password', async (tx) => {
        const [password, unconfirmed] = [await lockPassword(tx, userId), await findUnconfirmed(tx.q, userId)];
        if (!password && !unconfirmed) return undefined;
        await removePassword(tx, userId);
        await serviceChat.order(tx, userId, passwordRemovedNotice(clock.now()));
        return endWaiting(tx, userId);
      });
      if (ended === undefined) return false;
      await states.keysDecided(ended, 'ended');
      log.info({ userId }, 'a password was taken off by the operator');
      return true;
    },

    async doDeclineReset(userId) {
      await db.transact('decline-password-reset', async (tx) => {
        const password = await lockPassword(tx, userId);
        if (!password || password.reset_date === null) throw rpcError('RESET_REQUEST_MISSING');
        await saveReset(tx, userId, { reset_date: null, reset_auth_key_id: null, reset_declined_date: clock.now() });
      });
    },
  };
}
