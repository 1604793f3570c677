import type { Actor } from '@aerogram/dev-env';
import type { OutgoingCode, OutgoingEmail } from '@aerogram/domain';
import { enableCloudPassword } from '@mtcute/node/methods.js';
import encodeQr from 'qr';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { COUNT_ROWS, seeCode } from './page-scripts.ts';
import { scanCode } from './scan-code.ts';
import { endWebStage, hasChromium, startWebStage, type WebStage } from './stage.ts';

describe.skipIf(!hasChromium)('log-in by the web client', () => {
  let stage: WebStage;
  const codes: OutgoingCode[] = [];
  const mails: OutgoingEmail[] = [];
  beforeAll(async () => {
    stage = await startWebStage({
      env: { AEROGRAM_LOGIN_EMAIL_REQUIRED: '1' },
      codeDelivery: { ways: ['sms'], sendsEmail: true, deliver: async (code) => void codes.push(code), deliverEmail: async (mail) => void mails.push(mail) },
    });
  });
  afterAll(() => endWebStage(stage));

  test('another device lets the window in by its QR code, and the password is asked for', async () => {
    const ann = await stage.person('Ann');
    await enableCloudPassword(ann.actor.main.client, { password: 'correct horse', hint: 'a horse' });
    const web = await stage.open(ann.actor);
    await web.page.getByRole('button', { name: 'Log in by QR code' }).click();
    const scanned = await scanCode(web);
    await ann.go('settings/devices');
    await ann.page.getByRole('link', { name: 'Link a device' }).click();
    const accept = (): Promise<void> => ann.dialog('Log in the other device?').getByRole('button', { name: 'Log in' }).click();
    await ann.page.getByRole('textbox', { name: 'Link in the code' }).fill(`tg://login?token=${Buffer.alloc(32, 7).toString('base64url')}`);
    await ann.page.getByRole('button', { name: 'Link a device' }).click();
    await accept();
    await ann.page.getByRole('alert').getByText('This link cannot be used any more').waitFor();
    await ann.page.evaluate(seeCode(encodeQr(scanned, 'raw', { border: 1 })));
    await ann.page.getByRole('button', { name: 'Scan with the camera' }).click();
    await ann.dialog('Log in the other device?').waitFor();
    await accept();
    await ann.page.getByRole('list', { name: 'Other devices' }).getByText('waits for the password').waitFor();
    await web.page.getByText('Hint: a horse').waitFor();
    await web.page.getByLabel('Password').fill('wrong horse');
    await web.page.getByRole('button', { name: 'Next' }).click();
    await web.page.getByRole('alert').getByText('The password is wrong.').waitFor();
    await web.page.getByLabel('Password').fill('correct horse');
    await web.page.getByRole('button', { name: 'Next' }).click();
    await web.chats.waitFor();
    await web.sameAfterReload();
  });

  test('a browser that is too old is told so, and loads nothing else', async () => {
    const ann = await stage.world.user('Ann');
    const old = await stage.open(ann, 'phone');
    await old.page.addInitScript('delete Array.prototype.toSorted');
    await old.page.reload();
    await old.page.getByRole('alert').getByRole('heading', { name: 'This browser is too old' }).waitFor();
    expect(await old.page.getByRole('textbox').count()).toBe(0);
  });

  test('a device that another one ends forgets everything, in all its tabs', async () => {
    const [ann, bob] = [await stage.person('Ann'), await stage.world.user('Bob')];
    // The field of the code is gone: the keyboard goes on at the top of the list.
    await expect.poll(() => ann.page.evaluate('document.activeElement.textContent')).toBe('Chats');
    await bob.send(ann.actor, 'hello');
    await ann.open(bob);
    const second = await ann.context.newPage();
    await second.goto(ann.page.url());
    await second.getByRole('textbox', { name: 'Message', exact: true }).waitFor();
    const { authorizations } = await ann.actor.main.call({ _: 'account.getAuthorizations' });
    expect(await ann.page.evaluate(COUNT_ROWS)).toBeGreaterThan(0);
    await ann.actor.main.call({ _: 'account.resetAuthorization', hash: authorizations.find(({ current }) => !current)!.hash });
    for (const page of [ann.page, second]) await page.getByRole('heading', { name: 'Log in' }).waitFor();
    expect(await ann.page.evaluate(COUNT_ROWS)).toBe(0);
    // The next account finds no chat of this one.
    for (const page of [ann.page, second]) expect(new URL(page.url()).hash).toBe('#/');
  });

  test('a new person names an address, confirms it, and signs up with a picture; the next code comes by mail', async () => {
    const nora = await stage.open({ name: 'Nora', phone: '15550007001' } as Actor, 'phone');
    const { page } = nora;
    const next = (): Promise<void> => page.getByRole('button', { name: 'Next' }).click();
    await page.getByRole('textbox', { name: 'Phone number' }).fill('12');
    await next();
    await page.getByText('This is no whole phone number.').waitFor();
    await page.getByRole('textbox', { name: 'Phone number' }).fill('+1 555 000 7001');
    await next();
    await page.getByRole('button', { name: 'Back' }).click();
    expect(await page.getByRole('textbox', { name: 'Phone number' }).inputValue()).toBe('15550007001');
    await next();
    await page.getByRole('textbox', { name: 'E-mail address' }).fill('nora@example.org');
    await next();
    await page.getByText('n***a@example.org').waitFor();
    await page.getByRole('textbox', { name: 'Code' }).fill(mails.at(-1)!.code);
    await next();
    await page.getByText('The code was sent to +15550007001.').waitFor();
    await page.getByText('This is no test number.').waitFor();
    await page.getByRole('textbox', { name: 'Code' }).fill(codes.at(-1)!.code);
    await next();
    await page.getByRole('button', { name: 'Back' }).waitFor();
    await page.getByLabel('Photo').setInputFiles({ name: 'me.png', mimeType: 'image/png', buffer: await sharp({ create: { width: 300, height: 200, channels: 3, background: '#c06020' } }).png().toBuffer() });
    await page.getByRole('textbox', { name: 'First name' }).fill('Nora');
    await page.getByRole('button', { name: 'Sign up' }).click();
    await nora.chats.waitFor();
    await nora.go('settings/profile');
    await page.getByRole('button', { name: 'Remove photo' }).waitFor();
    await nora.go('');
    await page.getByRole('button', { name: 'Menu' }).click();
    await page.getByRole('menuitem', { name: 'Log out' }).click();
    await page.getByRole('dialog', { name: 'Log out' }).getByRole('button', { name: 'Log out' }).click();
    await page.getByRole('textbox', { name: 'Phone number' }).fill('15550007001');
    await next();
    await page.getByText('The code was sent to n***a@example.org.').waitFor();
    await page.getByRole('textbox', { name: 'Code' }).fill(mails.at(-1)!.code);
    await next();
    // The message of the service about the log-in makes its chat.
    await nora.chats.getByRole('link').first().waitFor();
    await nora.sameAfterReload();
  });
});
