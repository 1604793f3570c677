import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { asGuest, askCode, type CompanyStage, logInByPage, numberOn, startCompany } from './company-stage.ts';

let stage: CompanyStage;
beforeAll(async () => {
  stage = await startCompany({ env: { AEROGRAM_SIGN_UP: 'closed' } });
});
afterAll(() => stage?.[Symbol.asyncDispose]());

const ANN = { given_name: 'Ann', family_name: 'Lee', email: 'ann@example.org', email_verified: true };

describe('a person whom the provider of the company lets in', () => {
  test('gets an account with a number, sees the code that an app asks for, and logs in by it', async () => {
    stage.provider.set('ann', ANN);
    const page = await stage.enter('ann');
    expect(page).toMatchObject({ status: 200, url: `${stage.origin}/enter` });
    const phone = numberOn(page);
    expect(phone).toMatch(/^888\d{11}$/);
    expect(page.text).toContain('Ann Lee');
    await asGuest(stage.scenario, async (guest) => {
      const sent = await askCode(guest, phone);
      expect(sent.type).toMatchObject({ _: 'auth.sentCodeTypeFragmentSms', url: expect.stringMatching(/\/enter$/) });
      const userId = await logInByPage(stage, guest, { browser: page.browser, phone });
      const [me] = await guest.call({ _: 'users.getUsers', id: [{ _: 'inputUserSelf' }] });
      expect(me).toMatchObject({ id: userId, firstName: 'Ann', lastName: 'Lee', phone });
    });
    expect(stage.logged.filter(({ event }) => event === 'sign_up')).toHaveLength(1);
    expect(numberOn(await stage.enter('ann'))).toBe(phone);
    expect(stage.logged.filter(({ event }) => event === 'sign_up')).toHaveLength(1);
  });
});
