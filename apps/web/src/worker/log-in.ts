import type { tl } from '@mtcute/core';
import type { CodeWay, LogInLink, LogInStep } from '../protocol/index.ts';
import type { Account } from './account.ts';
import { isRefusal, Refused } from './refusal.ts';

const SETTINGS: tl.RawCodeSettings = { _: 'codeSettings' };
const WAYS: Partial<Record<tl.auth.TypeSentCodeType['_'], CodeWay>> = {
  'auth.sentCodeTypeApp': 'app',
  'auth.sentCodeTypeSms': 'sms',
  'auth.sentCodeTypeSmsWord': 'sms',
  'auth.sentCodeTypeSmsPhrase': 'sms',
  'auth.sentCodeTypeCall': 'call',
  'auth.sentCodeTypeFlashCall': 'call',
  'auth.sentCodeTypeMissedCall': 'call',
  'auth.sentCodeTypeEmailCode': 'email',
  'auth.sentCodeTypeFragmentSms': 'enter',
};

const NEXT_WAYS: Partial<Record<tl.auth.TypeCodeType['_'], CodeWay>> = { 'auth.codeTypeSms': 'sms', 'auth.codeTypeCall': 'call', 'auth.codeTypeFragmentSms': 'enter' };

/** Writes bytes so that they can stand in a link. Pure. */
export const toBase64Url = (bytes: Uint8Array): string => btoa(String.fromCharCode(...bytes)).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');

/** The steps from a phone number to a logged-in account. All pages show the same step. */
export class LogIn {
  readonly #account: Account;
  #phone = '';
  #codeHash = '';

  constructor(account: Account) {
    this.#account = account;
  }

  #show(logIn: LogInStep): void {
    this.#account.store.setSession({ logIn });
  }

  back(): void {
    this.#leaveQr();
    this.#show({ step: 'phone', phone: this.#phone });
  }

  /** Shows a code that another device of the account accepts, and renews it until that happens. */
  async showQr(): Promise<void> {
    this.#show({ step: 'qr' });
    const { onServerUpdate } = this.#account.client;
    const onUpdate = (update: tl.TypeUpdates): void => {
      if (update._ === 'updateShort' && update.update._ === 'updateLoginToken') void this.#takeToken().catch(() => undefined);
    };
    onServerUpdate.add(onUpdate);
    this.#leaveQr = () => {
      onServerUpdate.remove(onUpdate);
      clearTimeout(this.#renewal);
      this.#leaveQr = () => {};
    };
    await this.#takeToken();
  }

  /** Removes what waits for another device. */
  #leaveQr: () => void = () => {};
  #renewal: ReturnType<typeof setTimeout> | undefined;

  async #takeToken(): Promise<void> {
    clearTimeout(this.#renewal);
    const { apiId, apiHash } = this.#account.client.params;
    await this.#orPassword(async () => {
      let answer = await this.#account.call({ _: 'auth.exportLoginToken', apiId, apiHash, exceptIds: [] });
      if (answer._ === 'auth.loginTokenMigrateTo') {
        await this.#account.client.changePrimaryDc(answer.dcId);
        answer = await this.#account.call({ _: 'auth.importLoginToken', token: answer.token });
      }
      if (this.#account.store.session.logIn?.step !== 'qr') return;
      if (answer._ === 'auth.loginTokenSuccess') return await this.#takeAuthorization(answer.authorization);
      if (answer._ !== 'auth.loginToken') return;
      this.#show({ step: 'qr', url: `tg://login?token=${toBase64Url(answer.token)}` });
      const waitMs = Math.max(1000, answer.expires * 1000 - Date.now());
      this.#renewal = setTimeout(() => void this.#takeToken().catch(() => undefined), waitMs);
    });
  }

  /**
   * Logs in by the token of a link. An account that is logged in stays, and the link of the same account is spent, so that it works for nobody else.
   * @throws Refused `OTHER_ACCOUNT` if somebody else is logged in; the link works still
   */
  async useLink({ token, user }: LogInLink): Promise<void> {
    const { me } = this.#account.store.session;
    if (me !== undefined && me !== user) throw new Refused({ code: 'OTHER_ACCOUNT' });
    const { apiId, apiHash } = this.#account.client.params;
    await this.#orPassword(async () => {
      const authorization = await this.#account.call({ _: 'auth.importWebTokenAuthorization', apiId, apiHash, webAuthToken: token });
      if (me === undefined) await this.#takeAuthorization(authorization);
    });
  }

  async sendCode(phone: string): Promise<void> {
    this.#phone = phone.replaceAll(/[^\d]/g, '');
    const { apiId, apiHash } = this.#account.client.params;
    await this.#takeCode(await this.#account.call({ _: 'auth.sendCode', phoneNumber: this.#phone, apiId, apiHash, settings: SETTINGS }));
  }

  async resendCode(): Promise<void> {
    await this.#takeCode(await this.#account.call({ _: 'auth.resendCode', phoneNumber: this.#phone, phoneCodeHash: this.#codeHash }));
  }

  async #takeCode(sent: tl.auth.TypeSentCode): Promise<void> {
    if (sent._ === 'auth.sentCodeSuccess') return await this.#takeAuthorization(sent.authorization);
    if (sent._ !== 'auth.sentCode') throw new Refused({ code: 'PAYMENT_REQUIRED' });
    this.#codeHash = sent.phoneCodeHash;
    const { type } = sent;
    if (type._ === 'auth.sentCodeTypeSetUpEmailRequired') return this.#show({ step: 'emailAddress', phone: this.#phone });
    this.#show({
      step: 'code',
      phone: this.#phone,
      way: WAYS[type._] ?? 'other',
      length: 'length' in type ? type.length : undefined,
      email: type._ === 'auth.sentCodeTypeEmailCode' ? type.emailPattern : undefined,
      url: type._ === 'auth.sentCodeTypeFragmentSms' ? type.url : undefined,
      canResetEmail: type._ === 'auth.sentCodeTypeEmailCode' && type.resetAvailablePeriod !== undefined,
      emailResetAt: type._ === 'auth.sentCodeTypeEmailCode' ? type.resetPendingDate : undefined,
      next: sent.nextType && NEXT_WAYS[sent.nextType._],
      canResendAt: sent.timeout === undefined ? undefined : Math.floor(Date.now() / 1000) + sent.timeout,
    });
  }

  async enterCode(code: string): Promise<void> {
    const step = this.#account.store.session.logIn;
    if (step?.step === 'emailCode') return await this.#verifyEmail(code);
    const byEmail = step?.step === 'code' && step.way === 'email';
    const proof = byEmail ? { emailVerification: { _: 'emailVerificationCode', code } as const } : { phoneCode: code };
    await this.#orPassword(async () => {
      const answer = await this.#account.call({ _: 'auth.signIn', phoneNumber: this.#phone, phoneCodeHash: this.#codeHash, ...proof });
      if (answer._ === 'auth.authorizationSignUpRequired') this.#show({ step: 'signUp', phone: this.#phone });
      else await this.#takeAuthorization(answer);
    });
  }

  async setEmail(email: string): Promise<void> {
    const sent = await this.#account.call({ _: 'account.sendVerifyEmailCode', purpose: this.#emailPurpose(), email });
    this.#show({ step: 'emailCode', phone: this.#phone, email: sent.emailPattern, length: sent.length });
  }

  async #verifyEmail(code: string): Promise<void> {
    const verified = await this.#account.call({ _: 'account.verifyEmail', purpose: this.#emailPurpose(), verification: { _: 'emailVerificationCode', code } });
    if (verified._ === 'account.emailVerifiedLogin') await this.#takeCode(verified.sentCode);
  }

  #emailPurpose(): tl.TypeEmailVerifyPurpose {
    return { _: 'emailVerifyPurposeLoginSetup', phoneNumber: this.#phone, phoneCodeHash: this.#codeHash };
  }

  async resetEmail(): Promise<void> {
    await this.#takeCode(await this.#account.call({ _: 'auth.resetLoginEmail', phoneNumber: this.#phone, phoneCodeHash: this.#codeHash }));
  }

  async signUp(firstName: string, lastName: string, photo: Blob | undefined): Promise<void> {
    try {
      await this.#takeAuthorization(await this.#account.call({ _: 'auth.signUp', phoneNumber: this.#phone, phoneCodeHash: this.#codeHash, firstName, lastName }));
    } catch (error) {
      if (!isRefusal(error, 'PHONE_CODE_EXPIRED')) throw error;
      // Whoever took long to find a name enters a new code, and is asked for the name again.
      await this.sendCode(this.#phone);
      const step = this.#account.store.session.logIn;
      if (step?.step === 'code') this.#show({ ...step, isRenewed: true });
      return;
    }
    if (!photo) return;
    const { setOwnPicture } = await import('./send/upload-picture.ts');
    // The account is there, with or without its picture.
    await setOwnPicture(this.#account, photo).catch(() => undefined);
  }

  /** Does something that answers with an authorization, or asks for the password of the account first. */
  async #orPassword(act: () => Promise<void>): Promise<void> {
    try {
      await act();
    } catch (error) {
      if (!isRefusal(error, 'SESSION_PASSWORD_NEEDED')) throw error;
      const password = await this.#account.call({ _: 'account.getPassword' });
      this.#leaveQr();
      this.#show({ step: 'password', hint: password.hint, hasRecovery: password.hasRecovery === true });
    }
  }

  async enterPassword(password: string): Promise<void> {
    const { client } = this.#account;
    const proof = await client.computeSrpParams(await this.#account.call({ _: 'account.getPassword' }), password);
    await this.#takeAuthorization(await this.#account.call({ _: 'auth.checkPassword', password: proof }));
  }

  async startRecovery(): Promise<void> {
    const { emailPattern } = await this.#account.call({ _: 'auth.requestPasswordRecovery' });
    this.#show({ step: 'recovery', email: emailPattern });
  }

  async recover(code: string): Promise<void> {
    await this.#takeAuthorization(await this.#account.call({ _: 'auth.recoverPassword', code }));
  }

  async #takeAuthorization(authorization: tl.auth.TypeAuthorization): Promise<void> {
    this.#leaveQr();
    if (authorization._ !== 'auth.authorization') throw new Refused({ code: 'SIGN_UP_REQUIRED' });
    await this.#account.logIn(authorization);
  }
}
