import { rpcError } from '@aerogram/errors';

import { normalizePhone } from '../peers/index.ts';
import { loginEmailResetNotice, type ServiceChat } from '../service/index.ts';
import type { DomainDeps, UserKey } from '../shared/index.ts';
import type { Users } from '../users/index.ts';
import { endWaiting } from './authorization-store.ts';
import type { CodeSender } from './code-sender.ts';
import type { SentCode } from './code-ways.ts';
import type { Devices } from './devices.ts';
import { admittedEmail, emailPattern } from './email-address.ts';
import type { EmailCodeSender } from './email-code-sender.ts';
import { type EmailCodeScope, guessEmailCode, issueEmailCode, spendEmailCodes } from './email-code-store.ts';
import { isGiven } from './invite.ts';
import type { KeyStates } from './key-state.ts';
import type { LoginDevice } from './log-in.ts';
import { tellLogInFailure } from './log-in-events.ts';
import { departAgain, updateCode } from './login-code-store.ts';
import { findSecurity, saveSecurity } from './security-store.ts';
import { spendOfLoginEmail } from './spend-store.ts';
import { transactOrRefuse } from './transact-or-refuse.ts';

/** The login e-mail: an address that gets log-in codes instead of the phone. */
export interface LoginEmail {
  /**
   * Sends a code to an address that is to become the login e-mail.
   * @returns the masked address
   * @throws RpcError 400 EMAIL_INVALID, EMAIL_NOT_ALLOWED (not of an admitted domain), SESSION_TOO_FRESH_%d, SMS_CODE_CREATE_FAILED, 420 FLOOD_WAIT
   */
  doSendLoginEmailCode(asker: UserKey, email: string): Promise<string>;
  /**
   * Makes that address the login e-mail if the code is right.
   * @returns the address
   * @throws RpcError 400 CODE_INVALID, EMAIL_VERIFY_EXPIRED, SESSION_TOO_FRESH_%d, 420 FLOOD_WAIT
   */
  doVerifyLoginEmail(asker: UserKey, code: string): Promise<string>;
  /**
   * During a log-in that requires an e-mail address, sends a code to the address that the user entered.
   * @returns the masked address
   * @throws RpcError 400 PHONE_CODE_EXPIRED, EMAIL_NOT_ALLOWED (no address is required, or not of an admitted domain), EMAIL_INVALID, 420 FLOOD_WAIT
   */
  doSendSetUpEmailCode(device: LoginDevice, phoneNumber: string, codeHash: string, email: string): Promise<string>;
  /**
   * Verifies that address and sends the waiting log-in code. The address becomes the account's login e-mail when the log-in succeeds.
   * @throws RpcError 400 PHONE_CODE_EXPIRED, EMAIL_NOT_ALLOWED, CODE_INVALID, EMAIL_VERIFY_EXPIRED, 420 FLOOD_WAIT
   */
  doVerifySetUpEmail(device: LoginDevice, phoneNumber: string, codeHash: string, code: string): Promise<{ email: string; sent: SentCode }>;
  /**
   * During a log-in, for a user who cannot read the login e-mail: codes go to the phone again a week after the first request.
   * @throws RpcError 400 PHONE_CODE_EXPIRED, EMAIL_INSTALL_MISSING, TASK_ALREADY_EXISTS (requested before, not due yet)
   */
  doResetLoginEmail(device: LoginDevice, phoneNumber: string, codeHash: string): Promise<SentCode>;
}

const RESET_WAIT_S = 7 * 24 * 3600;
/** Counted per phone number, so that requesting another log-in code gives no additional e-mails or guesses. */
const setUpOwner = (phone: string): string => `+${phone}`;

/** A code that verifies a new address is valid for the key that named the address, and only while the present login e-mail stays. */
const changeScope = ({ userId, authKeyId }: UserKey, email: string | null): EmailCodeScope => ({
  owner: String(userId),
  purpose: 'login_change',
  authKeyId,
  boundTo: email ?? '',
});

/** A code that verifies an address during a log-in is valid for that log-in only. */
const setUpScope = (device: LoginDevice, phone: string, codeHash: string): EmailCodeScope => ({
  owner: setUpOwner(phone),
  purpose: 'login_setup',
  authKeyId: device.permAuthKeyId,
  boundTo: codeHash,
});

/** Creates the operations on the login e-mail. */
export function createLoginEmail(
  deps: DomainDeps,
  parts: { users: Users; serviceChat: ServiceChat; codes: CodeSender; emailCodes: EmailCodeSender; devices: Devices; states: KeyStates },
): LoginEmail {
  const { db, clock, config, log } = deps;
  const { users, serviceChat, codes, emailCodes, devices, states } = parts;
  return {
    async doSendLoginEmailCode(asker, input) {
      const email = admittedEmail(input, config.mailDomains);
      const sent = await transactOrRefuse(db, 'send-login-email-code', async (tx) => {
        await devices.checkTrusted(tx, asker);
        const { login_email } = await findSecurity(tx.q, asker.userId);
        return issueEmailCode(tx, changeScope(asker, login_email), { email, code: emailCodes.randomCode(), nowDate: clock.now() });
      });
      await emailCodes.send(sent);
      return emailPattern(email);
    },

    async doVerifyLoginEmail(asker, code) {
      const { userId } = asker;
      const { email, ended } = await transactOrRefuse(db, 'verify-login-email', async (tx) => {
        await devices.checkTrusted(tx, asker);
        const { login_email } = await findSecurity(tx.q, userId);
        const found = await guessEmailCode(tx, changeScope(asker, login_email), { code, nowDate: clock.now() });
        if (found === 'wrong') tx.afterCommit(() => log.info({ userId, purpose: 'login_change' }, 'a wrong code was given'));
        if (found === 'expired') return rpcError('EMAIL_VERIFY_EXPIRED');
        if (found === 'wrong') return rpcError('CODE_INVALID');
        if (typeof found === 'number') return rpcError('FLOOD_WAIT_%d', found);
        await saveSecurity(tx, userId, { login_email: found.email, login_email_reset_date: null });
        await spendOfLoginEmail(tx, userId);
        // Log-ins that wait for the password may have used a code that was sent to the old address.
        return { email: found.email, ended: await endWaiting(tx, userId) };
      });
      await states.keysDecided(ended, 'ended');
      log.info({ userId }, 'a login e-mail was changed');
      return email;
    },

    async doSendSetUpEmailCode(device, phoneNumber, codeHash, input) {
      const phone = normalizePhone(phoneNumber);
      const email = admittedEmail(input, config.mailDomains);
      const sent = await transactOrRefuse(db, 'send-setup-email-code', async (tx) => {
        const row = await codes.accessCode(tx, device, { phone, codeHash }, 'login');
        if (row.way !== 'email_setup') return rpcError('EMAIL_NOT_ALLOWED');
        return issueEmailCode(tx, setUpScope(device, phone, row.code_hash), { email, code: emailCodes.randomCode(), nowDate: clock.now() });
      });
      if (!(await codes.isRefused(phone))) await codes.awaitDelivery(emailCodes.send(sent));
      return emailPattern(email);
    },

    async doVerifySetUpEmail(device, phoneNumber, codeHash, code) {
      const phone = normalizePhone(phoneNumber);
      const way = await codes.findReleasedWay(phone);
      const { row, email, departure } = await transactOrRefuse(db, 'verify-setup-email', async (tx) => {
        const asked = await codes.accessCode(tx, device, { phone, codeHash }, 'login');
        // A repeated call, because the answer was lost and perhaps the code too.
        if (asked.way !== 'email_setup' && asked.setup_email !== null) {
          return { row: asked, email: asked.setup_email, departure: await departAgain(tx, asked) };
        }
        if (asked.way !== 'email_setup') return rpcError('EMAIL_NOT_ALLOWED');
        const found = await guessEmailCode(tx, setUpScope(device, phone, asked.code_hash), { code, nowDate: clock.now() });
        if (found === 'wrong') tx.afterCommit(() => tellLogInFailure(deps, { reason: 'code', address: device.address }));
        if (found === 'expired') return rpcError('EMAIL_VERIFY_EXPIRED');
        if (found === 'wrong') return rpcError('CODE_INVALID');
        if (typeof found === 'number') return rpcError('FLOOD_WAIT_%d', found);
        const lifeS = Math.ceil(config.loginCodeTtlMs / 1000);
        await updateCode(tx, asked, { way, setup_email: found.email, expires_date: clock.now() + lifeS });
        await spendEmailCodes(tx, setUpOwner(phone), { purposes: ['login_setup'], authKeyIds: [device.permAuthKeyId] });
        return { row: asked, email: found.email, departure: 'due' as const };
      });
      return { email, sent: await codes.release(row, row.way === 'email_setup' ? way : row.way, departure) };
    },

    async doResetLoginEmail(device, phoneNumber, codeHash) {
      const phone = normalizePhone(phoneNumber);
      const account = await users.findByPhone(phone);
      const nowDate = clock.now();
      const until_date = await db.transact('reset-login-email', async (tx) => {
        await codes.accessCode(tx, device, { phone, codeHash }, 'login');
        // Codes can go to no phone with a number that the server has given out.
        if (!account || isGiven(phone)) throw rpcError('EMAIL_INSTALL_MISSING');
        const { login_email, login_email_reset_date } = await findSecurity(tx.q, account.user_id);
        if (login_email === null) throw rpcError('EMAIL_INSTALL_MISSING');
        if (login_email_reset_date === null) {
          await saveSecurity(tx, account.user_id, { login_email_reset_date: nowDate + RESET_WAIT_S });
          await serviceChat.order(tx, account.user_id, loginEmailResetNotice(nowDate + RESET_WAIT_S));
          return nowDate + RESET_WAIT_S;
        }
        if (login_email_reset_date > nowDate) throw rpcError('TASK_ALREADY_EXISTS');
        await saveSecurity(tx, account.user_id, { login_email: null, login_email_reset_date: null });
        await spendOfLoginEmail(tx, account.user_id, codeHash);
        tx.afterCommit(() => log.info({ userId: account.user_id }, 'a login e-mail was removed after a week'));
        return undefined;
      });
      return until_date === undefined ? codes.doSend(device, phone, { purpose: 'login' }) : codes.describe(device, phone, codeHash);
    },
  };
}
