import { rpcError } from '@aerogram/errors';
import type { Tx } from '@aerogram/storage';
import type { tl } from '@aerogram/tl';

import type { DomainDeps } from '../deps.ts';
import { passwordResetNotice } from '../service/notices.ts';
import type { ServiceChat } from '../service/service-chat.ts';
import { checkedNewPassword } from './check-new-password.ts';
import { emailPattern } from './email-address.ts';
import { guessEmailCode, issueEmailCode, spendEmailCode } from './email-code-store.ts';
import { randomCode } from './password-settings.ts';
import { countGuess, findPassword, lockPassword, removePassword, savePassword } from './password-store.ts';
import { sendEmailCode } from './send-email-code.ts';
import { transactOrRefuse } from './transact-or-refuse.ts';

/** What became of a wish to be rid of the password. */
export type ResetOutcome = { kind: 'done' } | { kind: 'waits'; until_date: number } | { kind: 'refused'; retry_date: number };

/** Ways out for who has forgotten the password. */
export interface PasswordRecovery {
  /** Sends a code to the recovery address. @returns what may be shown of it @throws RpcError 400 PASSWORD_EMPTY, PASSWORD_RECOVERY_NA, 420 FLOOD_WAIT */
  doRequestRecovery(userId: bigint): Promise<string>;
  /** @throws RpcError 400 CODE_INVALID, PASSWORD_RECOVERY_EXPIRED, 420 FLOOD_WAIT */
  doCheckRecoveryCode(userId: bigint, code: string): Promise<void>;
  /**
   * Takes the password away, or sets the one given, for who has the code. To be committed also when it refuses.
   * @returns what to refuse with: 400 CODE_INVALID, PASSWORD_RECOVERY_EXPIRED, 420 FLOOD_WAIT
   */
  recover(
    tx: Tx,
    userId: bigint,
    code: string,
    settings: tl.account.passwordInputSettings | undefined,
  ): Promise<ReturnType<typeof rpcError> | undefined>;
  /** Asks to be rid of the password, for who is logged in; done a week later, when asked again. @throws RpcError 400 PASSWORD_EMPTY */
  doResetPassword(userId: bigint): Promise<ResetOutcome>;
  /** @throws RpcError 400 RESET_REQUEST_MISSING */
  doDeclineReset(userId: bigint): Promise<void>;
}

const RESET_WAIT_S = 7 * 24 * 3600;
/** After a request was declined, the next one has to wait. */
const DECLINED_WAIT_S = 24 * 3600;
const PURPOSE = 'recovery';

/** Makes the ways out. @see https://core.telegram.org/api/srp#recovery */
export function createPasswordRecovery(deps: DomainDeps, parts: { serviceChat: ServiceChat }): PasswordRecovery {
  const { db, clock } = deps;

  const findRefusal = async (tx: Tx, userId: bigint, code: string) => {
    const found = await guessEmailCode(tx, { owner: String(userId), purpose: PURPOSE, code, nowDate: clock.now() });
    if (found === 'expired') return rpcError('PASSWORD_RECOVERY_EXPIRED');
    if (found === 'wrong') return rpcError('CODE_INVALID');
    return typeof found === 'number' ? rpcError('FLOOD_WAIT_%d', found) : undefined;
  };

  return {
    async doRequestRecovery(userId) {
      const sent = await transactOrRefuse(db, 'request-recovery', async (tx) => {
        const password = await findPassword(tx.q, userId);
        if (!password) return rpcError('PASSWORD_EMPTY');
        if (password.email === null) return rpcError('PASSWORD_RECOVERY_NA');
        return issueEmailCode(tx, {
          owner: String(userId),
          purpose: PURPOSE,
          email: password.email,
          code: randomCode(deps),
          nowDate: clock.now(),
        });
      });
      await sendEmailCode(deps, sent);
      return emailPattern(sent.row.email);
    },

    doCheckRecoveryCode: (userId, code) => transactOrRefuse(db, 'check-recovery-code', (tx) => findRefusal(tx, userId, code)),

    async recover(tx, userId, code, settings) {
      const password = await lockPassword(tx, userId);
      const refusal = await findRefusal(tx, userId, code);
      if (refusal) return refusal;
      if (!password) return rpcError('PASSWORD_EMPTY');
      const next = settings?.new_algo && checkedNewPassword(settings.new_algo, settings.new_password_hash ?? new Uint8Array(), settings.hint ?? '');
      if (next) await savePassword(tx, userId, next, clock.now());
      else await removePassword(tx, userId);
      await countGuess(tx, userId, true, true, clock.now());
      await spendEmailCode(tx, String(userId), PURPOSE);
      return undefined;
    },

    async doResetPassword(userId) {
      const nowDate = clock.now();
      return db.transact('reset-password', async (tx): Promise<ResetOutcome> => {
        const password = await lockPassword(tx, userId);
        if (!password) throw rpcError('PASSWORD_EMPTY');
        const { reset_date, reset_declined_date } = password;
        if (reset_date !== null) {
          if (reset_date > nowDate) return { kind: 'waits', until_date: reset_date };
          await removePassword(tx, userId);
          return { kind: 'done' };
        }
        const retry_date = (reset_declined_date ?? 0) + DECLINED_WAIT_S;
        if (retry_date > nowDate) return { kind: 'refused', retry_date };
        const until_date = nowDate + RESET_WAIT_S;
        await tx.q.updateTable('passwords').set({ reset_date: until_date }).where('user_id', '=', userId).execute();
        // The other devices learn of it, so that a thief of one cannot wait in silence.
        await parts.serviceChat.order(tx, userId, passwordResetNotice(until_date));
        return { kind: 'waits', until_date };
      });
    },

    async doDeclineReset(userId) {
      await db.transact('decline-password-reset', async (tx) => {
        const password = await lockPassword(tx, userId);
        if (!password || password.reset_date === null) throw rpcError('RESET_REQUEST_MISSING');
        await tx.q
          .updateTable('passwords')
          .set({ reset_date: null, reset_declined_date: clock.now() })
          .where('user_id', '=', userId)
          .execute();
      });
    },
  };
}
