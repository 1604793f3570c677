import { enableCloudPassword } from '@mtcute/node/methods.js';
import { adminCommands } from '@aerogram/cli/admin-commands';
import type { Actor } from '@aerogram/dev-env';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { endWebStage, hasChromium, startWebStage, type WebPerson, type WebStage } from './stage.ts';

const PASSWORD = 'correct horse battery';
/** Executed, it would make the page report a dialog. */
const HOSTILE = '<img src=x onerror=alert(1)>';

/** Whether the page is no wider than its window. */
const FITS = 'document.documentElement.scrollWidth <= innerWidth';

describe.skipIf(!hasChromium)('the admin page', () => {
  let stage: WebStage;
  let admin: Actor;
  beforeAll(async () => {
    stage = await startWebStage({ kit: { adminCommands } });
    admin = await stage.world.user('Ada');
    await enableCloudPassword(admin.main.client, { password: PASSWORD, hint: HOSTILE });
    await stage.server.db.q.insertInto('admins').values({ user_id: BigInt(admin.id), granted_date: 1 }).execute();
  });
  afterAll(() => endWebStage(stage));

  /** Opens the page in a window that is 400 px wide, and logs in by the keyboard alone. */
  async function enter(): Promise<WebPerson> {
    const person = await stage.visit(admin, `http://localhost:${stage.server.info.http.port}/admin`);
    const { page } = person;
    await page.setViewportSize({ width: 400, height: 800 });
    await page.getByRole('textbox', { name: 'Phone number' }).fill(admin.phone);
    await page.keyboard.press('Enter');
    await page.getByRole('textbox', { name: 'Code' }).fill(admin.code);
    await page.keyboard.press('Enter');
    await page.getByText(`Hint: ${HOSTILE}`).waitFor();
    await page.getByRole('textbox', { name: 'Password' }).fill(PASSWORD);
    await page.keyboard.press('Enter');
    await page.getByRole('tablist', { name: 'Pages' }).waitFor();
    return person;
  }

  test('finds and bans somebody with a hostile name, and the log names the admin', async () => {
    const eve = await stage.world.user(HOSTILE);
    const { page } = await enter();
    await page.getByRole('searchbox', { name: /Beginning of a name/ }).fill('<img');
    await page.keyboard.press('Enter');
    await page.getByText('Found, at most 50').waitFor();
    await page.getByRole('list', { name: 'Accounts' }).getByRole('button', { name: HOSTILE }).click();
    const dialog = page.getByRole('dialog', { name: HOSTILE });
    await dialog.getByText(`+${eve.phone}`).waitFor();
    await dialog.getByRole('button', { name: 'Ban and log out' }).click();
    await page.getByRole('dialog', { name: 'Ban and log out?' }).getByRole('button', { name: 'Ban', exact: true }).click();
    await dialog.getByRole('button', { name: 'Unban' }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('list', { name: 'Accounts' }).getByText('banned').waitFor();
    await page.getByRole('tab', { name: 'Users' }).focus();
    await page.keyboard.press('End');
    await page.getByRole('tabpanel', { name: 'Log' }).getByText(`ban the number of account ${eve.id}, and end its sessions`).waitFor();
    await page.getByRole('list', { name: 'Operators’ log' }).getByText(`account ${admin.id}`).first().waitFor();
    expect(await page.evaluate(FITS)).toBe(true);
  });

  test('limits, marks, logs out and deletes somebody, and asks before what cannot be undone', async () => {
    const name = `Mallory ${HOSTILE}`;
    const mallory = await stage.world.user(name);
    const { page } = await enter();
    await page.getByRole('searchbox', { name: /Beginning of a name/ }).fill(mallory.phone);
    await page.keyboard.press('Enter');
    await page.getByText('Found, at most 50').waitFor();
    await page.getByRole('list', { name: 'Accounts' }).getByRole('button', { name }).click();
    const dialog = page.getByRole('dialog', { name });
    await dialog.getByRole('button', { name: 'Limit…' }).click();
    const limit = page.getByRole('dialog', { name: 'Limit the account' });
    await limit.getByLabel(/^Until/).fill('2036-01-31T18:00');
    await limit.getByRole('textbox', { name: /^Reason/ }).fill(HOSTILE);
    await limit.getByRole('button', { name: 'Limit', exact: true }).click();
    await dialog.getByText(/^until 2036-0[12]-\d\dT\d\d:00:00Z: <img/).waitFor();
    await dialog.getByRole('button', { name: 'Mark…' }).click();
    const marks = page.getByRole('dialog', { name: 'Mark the account' });
    await marks.getByRole('combobox', { name: 'Badge' }).selectOption('Scam');
    await marks.getByRole('textbox', { name: /^Text that clients show/ }).fill(HOSTILE);
    await marks.getByRole('button', { name: 'Mark', exact: true }).click();
    await dialog.getByText(`scam, restricted (terms): ${HOSTILE}`).waitFor();
    expect(await page.evaluate(FITS)).toBe(true);
    await dialog.getByRole('button', { name: 'Lift the limit' }).click();
    await dialog.getByRole('button', { name: 'Limit…' }).waitFor();
    await dialog.getByRole('list', { name: 'Devices' }).getByRole('button', { name: 'Log out' }).click();
    await page.getByRole('dialog', { name: 'Log out this device?' }).getByRole('button', { name: 'Log out', exact: true }).click();
    await dialog.getByText('logged out on 1 device').waitFor();
    await dialog.getByText('none', { exact: true }).waitFor();
    await dialog.getByRole('button', { name: 'Delete…' }).click();
    const deletion = page.getByRole('dialog', { name: 'Delete the account' });
    await deletion.getByRole('textbox').fill('+15550000000');
    await page.keyboard.press('Enter');
    await deletion.getByText('That is not the number of this account.').waitFor();
    await deletion.getByRole('textbox').fill(`+${mallory.phone}`);
    await page.keyboard.press('Enter');
    await dialog.getByText('deleted', { exact: true }).waitFor();
    expect(await dialog.getByRole('button', { name: 'Delete…' }).count()).toBe(0);
    expect(await stage.server.db.q.selectFrom('users').select(['deleted', 'phone']).where('user_id', '=', BigInt(mallory.id)).executeTakeFirst()).toEqual({ deleted: true, phone: null });
  });

  test('writes to everybody, after a question', async () => {
    const { page } = await enter();
    await page.getByRole('tab', { name: 'Notices' }).click();
    const field = page.getByRole('textbox', { name: /^Notice/ });
    await field.fill(`The server moves.\n${HOSTILE}`);
    await page.getByRole('button', { name: 'Send to everybody' }).click();
    const question = page.getByRole('dialog', { name: 'Write to everybody?' });
    await question.getByRole('button', { name: 'Cancel' }).click();
    await question.waitFor({ state: 'detached' });
    expect(await field.inputValue()).toContain(HOSTILE);
    expect(await stage.server.db.q.selectFrom('notices').selectAll().execute()).toEqual([]);
    await page.getByRole('button', { name: 'Send to everybody' }).click();
    await question.getByRole('button', { name: 'Send' }).click();
    await page.getByText(/^The notice goes to \d+ accounts?\.$/).waitFor();
    const card = page.getByRole('list', { name: 'Notices' }).getByRole('listitem').filter({ hasText: HOSTILE });
    await card.getByText(/, done$/).waitFor();
    expect(await field.inputValue()).toBe('');
    expect(await page.evaluate(FITS)).toBe(true);
  });

  test('shows what was reported as text, and closes it', async () => {
    const [report] = await stage.server.db.q
      .insertInto('reports')
      .values({ owner_id: BigInt(admin.id), peer_id: 5n, msg_id: 7, author_id: 5n, reason: 'spam', comment: HOSTILE, copy: HOSTILE, created_date: 1_700_000_000 } as never)
      .returning('report_id')
      .execute();
    const { page } = await enter();
    await page.getByRole('tab', { name: 'Reports' }).click();
    const card = page.getByRole('list', { name: 'Reports' }).getByRole('listitem').filter({ hasText: HOSTILE });
    await card.getByText(`Comment: ${HOSTILE}`).waitFor();
    await card.getByRole('button', { name: 'Close' }).click();
    await page.getByText('No reports are open.').waitFor();
    expect(await stage.server.db.q.selectFrom('reports').select('closed_date').where('report_id', '=', report!.report_id).executeTakeFirst()).toMatchObject({ closed_date: expect.any(Number) });
  });

  test('makes a link for invitations, shows it once, and takes it back', async () => {
    const { page } = await enter();
    await page.getByRole('tab', { name: 'Invitations' }).click();
    await page.getByRole('textbox', { name: /People who may use it/ }).fill('20');
    await page.keyboard.press('Enter');
    const url = page.getByRole('status').getByText(/^http:\/\/localhost:\d+\/invite\/[\w-]{43}$/);
    expect((await fetch((await url.textContent())!)).status).toBe(200);
    expect(await page.evaluate(FITS)).toBe(true);
    const link = page.getByRole('list', { name: 'Links' }).getByRole('listitem').filter({ hasText: '20 of 20 uses left' });
    await link.getByText(`account ${admin.id}`).waitFor();
    await link.getByRole('button', { name: 'Revoke' }).click();
    await link.waitFor({ state: 'detached' });
    await url.waitFor({ state: 'detached' });
  });

  test('invites, shows numbers and settings, and logs out', async () => {
    const { page } = await enter();
    await page.getByRole('tab', { name: 'Invitations' }).click();
    const { phone } = stage.world.freshPhone();
    await page.getByRole('textbox', { name: 'Phone number' }).fill(`+${phone}`);
    await page.keyboard.press('Enter');
    const invitation = page.getByRole('list', { name: 'Invitations' }).getByRole('listitem').filter({ hasText: phone });
    await invitation.getByRole('button', { name: 'Revoke' }).click();
    await invitation.waitFor({ state: 'detached' });
    await page.getByRole('tab', { name: 'Numbers' }).click();
    await page.getByText(/Connections \d+/).waitFor();
    await page.getByText(/PostgreSQL \d+/).waitFor();
    await page.getByText(/^Delivery time [\d.]+ ms$/).waitFor();
    await page.getByRole('tab', { name: 'Settings' }).click();
    await page.getByRole('listitem').filter({ hasText: 'AEROGRAM_DATABASE_URL' }).getByText('set, secret').waitFor();
    for (const name of ['Numbers', 'Settings', 'Users']) {
      await page.getByRole('tab', { name }).click();
      expect([name, await page.evaluate(FITS)]).toEqual([name, true]);
    }
    await page.getByRole('button', { name: 'Log out' }).click();
    await page.getByRole('textbox', { name: 'Phone number' }).waitFor();
    await page.reload();
    await page.getByRole('textbox', { name: 'Phone number' }).waitFor();
  });
});
