import type { ServerResponse } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { askCode, type CompanyStage, logInByPage, numberOn, startCompany } from './company-stage.ts';
import { asGuest } from './scenario.ts';

let stage: CompanyStage;
beforeAll(async () => {
  stage = await startCompany({ env: { AEROGRAM_OIDC_GROUPS: 'staff,it' } });
});
afterAll(() => stage?.[Symbol.asyncDispose]());

const STAFF = { groups: ['staff'] };

const rowOf = (subject: string) => stage.scenario.server.db.q.selectFrom('company_accounts').selectAll().where('subject', '=', subject).executeTakeFirstOrThrow();

/** Has everybody checked, and waits until the last answer about a person is kept. */
async function checked(subject: string): Promise<Awaited<ReturnType<typeof rowOf>>> {
  await stage.check();
  await expect.poll(async () => (await rowOf(subject)).next_check_date, { timeout: 20_000 }).not.toBe(1);
  return rowOf(subject);
}

/** Does something to the answers of the provider to the refresh tokens. */
function meddle(act: (response: ServerResponse) => boolean): void {
  stage.provider.intercept = (request, response) => request.url === '/token' && act(response);
}

describe('people of the company', () => {
  test('log in only if they are in one of the groups', async () => {
    for (const [subject, claims, status] of [['out', { name: 'Out', groups: ['guests'] }, 403], ['none', { name: 'None' }, 403], ['in', { name: 'In', ...STAFF }, 200]] as const) {
      stage.provider.set(subject, claims);
      expect([subject, (await stage.enter(subject)).status]).toEqual([subject, status]);
    }
    expect(stage.logged.filter(({ event, reason }) => event === 'log_in_failed' && reason === 'group')).toHaveLength(2);
    expect(await stage.scenario.server.db.q.selectFrom('company_accounts').select('subject').execute()).toEqual([{ subject: 'in' }]);
  });

  test('stay logged in while the provider lets them in, and are logged out of all devices when it does not', async () => {
    stage.provider.set('cleo', { name: 'Cleo', ...STAFF });
    const page = await stage.enter('cleo');
    const phone = numberOn(page);
    await asGuest(stage.scenario, async (guest) => {
      await logInByPage(stage, guest, { browser: page.browser, phone });
      const { token_seq } = await rowOf('cleo');
      // The provider replaces the token each time.
      expect(await checked('cleo')).toMatchObject({ state: 'in', token_seq: token_seq + 1 });
      expect(await checked('cleo')).toMatchObject({ state: 'in', token_seq: token_seq + 2 });
      await guest.call({ _: 'users.getUsers', id: [{ _: 'inputUserSelf' }] });
      stage.provider.set('cleo', undefined);
      await stage.check();
      await stage.logs(({ event }) => event === 'company_ended');
      await expect.poll(() => guest.call({ _: 'users.getUsers', id: [{ _: 'inputUserSelf' }] }).then(() => 'in', (error: unknown) => (error as { text: string }).text), { timeout: 20_000 }).toMatch(/^(SESSION_REVOKED|AUTH_KEY_UNREGISTERED)$/);
      expect((await page.browser.visit(`${stage.origin}/enter/codes`)).status).toBe(401);
    });
    await asGuest(stage.scenario, async (guest) => {
      await expect(askCode(guest, phone)).rejects.toThrow('PHONE_NUMBER_BANNED');
      stage.provider.set('cleo', { name: 'Cleo', ...STAFF });
      const again = await stage.enter('cleo');
      expect(numberOn(again)).toBe(phone);
      await logInByPage(stage, guest, { browser: again.browser, phone });
    });
  });

  test('stay logged in while the provider is away', async () => {
    stage.provider.set('dan', { name: 'Dan', ...STAFF });
    const page = await stage.enter('dan');
    await asGuest(stage.scenario, async (guest) => {
      await logInByPage(stage, guest, { browser: page.browser, phone: numberOn(page) });
      meddle((response) => {
        response.writeHead(503).end('maintenance');
        return true;
      });
      expect(await checked('dan')).toMatchObject({ state: 'in', trying_date: null });
      await guest.call({ _: 'users.getUsers', id: [{ _: 'inputUserSelf' }] });
      expect((await stage.enter('dan')).status).toBe(503);
    });
    meddle(() => false);
    expect(await checked('dan')).toMatchObject({ state: 'in' });
  });

  test('stay logged in when a replaced token is lost, and are asked to log in again', async () => {
    stage.provider.set('eli', { name: 'Eli', ...STAFF });
    const page = await stage.enter('eli');
    const phone = numberOn(page);
    await asGuest(stage.scenario, async (guest) => {
      const userId = await logInByPage(stage, guest, { browser: page.browser, phone });
      // The provider has replaced the token, but its answer does not arrive.
      meddle((response) => {
        response.end = () => response.destroy();
        return false;
      });
      expect(await checked('eli')).toMatchObject({ state: 'in', trying_date: expect.any(Number) });
      meddle(() => false);
      const { db } = stage.scenario.server;
      await db.transact('later', async (tx) => {
        await tx.q.updateTable('company_accounts').set({ trying_date: 1 }).where('subject', '=', 'eli').execute();
      });
      expect(await checked('eli')).toMatchObject({ state: 'unsure', sealed_token: null });
      const [me] = await guest.call({ _: 'users.getUsers', id: [{ _: 'inputUserSelf' }] });
      expect(me).toMatchObject({ id: userId });
      const noticesOf = () => db.q.selectFrom('messages').select('text').where('owner_id', '=', BigInt(userId)).execute();
      await expect.poll(async () => (await noticesOf()).map(({ text }) => text).join('\n'), { timeout: 20_000 }).toContain('Please log in again.');
    });
    await stage.enter('eli');
    expect(await rowOf('eli')).toMatchObject({ state: 'in' });
  });

  test('are named at the start as people who cannot be logged out, if the provider gives no refresh tokens', async () => {
    await using other = await startCompany({ provider: { hasRefreshTokens: false } });
    await other.logs(({ level, msg }) => level === 'warn' && String(msg).includes('gives no refresh tokens'));
    other.provider.set('fay', { name: 'Fay' });
    expect((await other.enter('fay')).status).toBe(200);
  });
});
