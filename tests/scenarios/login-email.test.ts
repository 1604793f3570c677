import type { OutgoingCode, OutgoingEmail } from '@aerogram/domain';
import type { tl, BaseTelegramClient } from '@mtcute/node';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { asGuest, startScenario, type Scenario } from './scenario.ts';

let scenario: Scenario;
const codes: OutgoingCode[] = [];
const emails: OutgoingEmail[] = [];
beforeAll(async () => {
  scenario = await startScenario({
    env: { AEROGRAM_LOGIN_EMAIL_REQUIRED: '1' },
    codeDelivery: {
      ways: ['sms'],
      sendsEmail: true,
      deliver: async (code) => void codes.push(code),
      deliverEmail: async (mail) => void emails.push(mail),
    },
  });
});
afterAll(() => scenario?.[Symbol.asyncDispose]());

const PHONE = '15550001112';
const API = { apiId: 1, apiHash: '0123456789abcdef0123456789abcdef' };

async function askCode(guest: BaseTelegramClient): Promise<tl.auth.RawSentCode> {
  const sent = await guest.call({ _: 'auth.sendCode', phoneNumber: PHONE, ...API, settings: { _: 'codeSettings' } });
  if (sent._ !== 'auth.sentCode') throw new Error(sent._);
  return sent;
}

describe('a server that requires log-in e-mail addresses', () => {
  test('asks for one before it sends a code by phone, and sends later codes there', async () => {
    const userId = await asGuest(scenario, async (guest) => {
      const { type, phoneCodeHash } = await askCode(guest);
      expect(type._).toBe('auth.sentCodeTypeSetUpEmailRequired');
      const purpose = { _: 'emailVerifyPurposeLoginSetup' as const, phoneNumber: PHONE, phoneCodeHash };
      const mail = await guest.call({ _: 'account.sendVerifyEmailCode', purpose, email: 'nora@example.org' });
      expect(mail).toMatchObject({ emailPattern: 'n***a@example.org', length: 6 });
      const verified = await guest.call({ _: 'account.verifyEmail', purpose, verification: { _: 'emailVerificationCode', code: emails.at(-1)!.code } });
      if (verified._ !== 'account.emailVerifiedLogin' || verified.sentCode._ !== 'auth.sentCode') throw new Error(verified._);
      expect(verified.sentCode.type._).toBe('auth.sentCodeTypeSms');
      const phoneCode = codes.at(-1)!.code;
      await guest.call({ _: 'auth.signIn', phoneNumber: PHONE, phoneCodeHash: verified.sentCode.phoneCodeHash, phoneCode });
      const made = await guest.call({ _: 'auth.signUp', phoneNumber: PHONE, phoneCodeHash, firstName: 'Nora', lastName: '' });
      if (made._ !== 'auth.authorization') throw new Error(made._);
      await guest.notifyLoggedIn(made);
      expect((await guest.call({ _: 'account.getPassword' })).loginEmailPattern).toBe('n***a@example.org');
      await guest.call({ _: 'auth.logOut' });
      return made.user.id;
    });

    await asGuest(scenario, async (guest) => {
      const { type, phoneCodeHash } = await askCode(guest);
      expect(type).toMatchObject({ _: 'auth.sentCodeTypeEmailCode', emailPattern: 'n***a@example.org', resetAvailablePeriod: 7 * 86_400 });
      // A user without access to the mailbox has to wait a week, and is told until when.
      const reset = await guest.call({ _: 'auth.resetLoginEmail', phoneNumber: PHONE, phoneCodeHash });
      if (reset._ !== 'auth.sentCode' || reset.type._ !== 'auth.sentCodeTypeEmailCode') throw new Error(reset._);
      expect(reset.type.resetPendingDate).toBeGreaterThan(Date.now() / 1000 + 6 * 86_400);
      const emailVerification = { _: 'emailVerificationCode' as const, code: emails.at(-1)!.code };
      const entered = await guest.call({ _: 'auth.signIn', phoneNumber: PHONE, phoneCodeHash, emailVerification });
      expect(entered).toMatchObject({ _: 'auth.authorization', user: { id: userId } });
    });
  });
});
