import type { Actor } from '@aerogram/dev-env';
import { doMakeInvitationLink, type OutgoingEmail } from '@aerogram/domain';
import { systemClock, systemRandom } from '@aerogram/runtime';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { endWebStage, hasChromium, startWebStage, type WebStage } from './stage.ts';

const FITS = 'document.documentElement.scrollWidth <= innerWidth';
const NOBODY = { name: 'Somebody' } as Actor;

describe.skipIf(!hasChromium)('the page of an invitation link', () => {
  let stage: WebStage;
  const emails: OutgoingEmail[] = [];
  beforeAll(async () => {
    stage = await startWebStage({
      env: { AEROGRAM_SIGN_UP: 'invited' },
      codeDelivery: { ways: ['sms'], sendsEmail: true, deliver: () => Promise.resolve(), deliverEmail: async (mail) => void emails.push(mail) },
    });
  });
  afterAll(() => endWebStage(stage));

  test('leads a browser by the keyboard from the link to an account', async () => {
    const made = await doMakeInvitationLink(stage.server.db, { uses: 1, days: 7 }, { random: systemRandom, nowDate: systemClock.now() });
    const web = await stage.visit(NOBODY, `http://localhost:${stage.server.info.http.port}/invite/${made!.token}`);
    const { page } = web;
    await page.setViewportSize({ width: 320, height: 640 });
    await page.getByRole('textbox', { name: 'Your phone number or e-mail address' }).fill('ann@example.org');
    expect(await page.evaluate(FITS)).toBe(true);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'You can sign up now' }).waitFor();
    const number = await page.locator('#number').textContent();
    expect(number).toMatch(/^\+888\d{11}$/);
    expect(await page.evaluate(FITS)).toBe(true);
    // The style is in force.
    expect(await page.evaluate('getComputedStyle(document.querySelector(".button")).fontWeight')).toBe('600');
    await page.reload();
    expect(await page.locator('#number').textContent()).toBe(number);
    await page.getByRole('link', { name: 'Open the web client' }).click();
    await page.getByRole('textbox', { name: 'Phone number' }).fill(number!);
    await page.keyboard.press('Enter');
    await page.getByRole('textbox', { name: 'Code' }).waitFor();
    await page.getByRole('textbox', { name: 'Code' }).fill(await vi.waitFor(() => emails.at(-1)!.code));
    await page.keyboard.press('Enter');
    await page.getByRole('textbox', { name: 'First name' }).fill('Ann');
    await page.keyboard.press('Enter');
    await web.chats.waitFor();
  });
});
