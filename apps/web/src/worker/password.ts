import type { tl } from '@mtcute/core';
import type { PasswordState } from '../protocol/index.ts';
import type { Account } from './account.ts';
import { Refused, refusalOf } from './refusal.ts';

/** The password of the account. It never leaves this browser: the server gets a proof (SRP). @see https://core.telegram.org/api/srp */
export class Password {
  readonly #account: Account;

  constructor(account: Account) {
    this.#account = account;
  }

  async state(): Promise<PasswordState> {
    const { hasPassword, hasRecovery, hint, emailUnconfirmedPattern, pendingResetDate } = await this.#account.call({ _: 'account.getPassword' });
    return { hasPassword: hasPassword === true, hasRecovery: hasRecovery === true, hint, waitingEmail: emailUnconfirmedPattern, resetAt: pendingResetDate };
  }

  /** Sets, changes or (by an empty one) removes the password. */
  async set({ current, next, hint, email }: { current: string; next: string; hint: string; email: string }): Promise<PasswordState> {
    const { client } = this.#account;
    const state = await this.#account.call({ _: 'account.getPassword' });
    const password: tl.TypeInputCheckPasswordSRP = state.hasPassword ? await client.computeSrpParams(state, current) : { _: 'inputCheckPasswordEmpty' };
    const newSettings: tl.account.RawPasswordInputSettings = { _: 'account.passwordInputSettings', hint: next === '' ? '' : hint };
    if (next === '') newSettings.newAlgo = { _: 'passwordKdfAlgoUnknown' };
    else newSettings.newAlgo = state.newAlgo;
    newSettings.newPasswordHash = next === '' ? new Uint8Array() : await client.computeNewPasswordHash(state.newAlgo, next);
    if (next !== '' && email !== '') newSettings.email = email;
    try {
      await this.#account.call({ _: 'account.updatePasswordSettings', password, newSettings });
    } catch (error) {
      // The password counts when the address is confirmed.
      if (!refusalOf(error).code.startsWith('EMAIL_UNCONFIRMED')) throw error;
    }
    return await this.state();
  }

  /** Removes a forgotten password: the first call begins a wait of days, one after the wait removes it. @throws Refused RESET_DECLINED_WAIT */
  async reset(): Promise<PasswordState> {
    const answer = await this.#account.call({ _: 'account.resetPassword' });
    if (answer._ === 'account.resetPasswordFailedWait') throw new Refused({ code: 'RESET_DECLINED_WAIT', seconds: answer.retryDate - this.#account.context.now() });
    return await this.state();
  }

  /** Takes such a request back. */
  async declineReset(): Promise<PasswordState> {
    await this.#account.call({ _: 'account.declinePasswordReset' });
    return await this.state();
  }

  async confirmEmail(code: string): Promise<PasswordState> {
    await this.#account.call({ _: 'account.confirmPasswordEmail', code });
    return await this.state();
  }

  async resendEmail(): Promise<void> {
    await this.#account.call({ _: 'account.resendPasswordEmail' });
  }

  async cancelEmail(): Promise<PasswordState> {
    await this.#account.call({ _: 'account.cancelPasswordEmail' });
    return await this.state();
  }
}
