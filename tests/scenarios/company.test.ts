import { PlainBrowser } from '@aerogram/dev-env';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { askCode, type CompanyStage, logInByPage, numberOn, startCompany } from './company-stage.ts';
import { asGuest, startScenario } from './scenario.ts';

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

describe('a browser', () => {
  test('that did not begin a log-in cannot end it, and who began it can do so once', async () => {
    stage.provider.set('bob', { name: 'Bob' });
    stage.provider.visitor = 'bob';
    const [bob, thief] = [new PlainBrowser(), new PlainBrowser()];
    const isBack = (url: string): boolean => url.includes('/enter/back');
    const { url: back } = await bob.visit(`${stage.origin}/enter/go`, { until: isBack });
    // The thief has a log-in of their own under way.
    await thief.visit(`${stage.origin}/enter/go`, { until: isBack });
    for (const browser of [new PlainBrowser(), thief]) expect(await browser.visit(back)).toMatchObject({ status: 400, url: back });
    expect(numberOn(await bob.visit(back))).toMatch(/^888/);
    expect((await bob.visit(back)).status).toBe(400);
    expect(stage.logged.filter(({ event, reason }) => event === 'enter_refused' && reason === 'state')).toHaveLength(3);
    for (const query of ['', '?state=', '?state=a&state=b', `?code=x&state=${'y'.repeat(43)}`, `?error=access_denied&state=${'z'.repeat(43)}`]) {
      expect([query, (await bob.visit(`${stage.origin}/enter/back${query}`)).status]).toEqual([query, 400]);
    }
  });

  test('is sent to the provider and back here, whatever the request says', async () => {
    const until = (): boolean => true;
    for (const [path, headers] of [
      ['/enter/go?to=https://evil.example&redirect_uri=https://evil.example&state=x', {}],
      ['/enter/go', { 'x-forwarded-host': 'evil.example', 'x-forwarded-proto': 'https', forwarded: 'host=evil.example' }],
      [`/enter/web?with=${'s'.repeat(43)}&to=//evil.example`, {}],
    ] as const) {
      const { url } = await new PlainBrowser().visit(stage.origin + path, { until, headers });
      const { origin, searchParams } = new URL(url);
      expect([origin, searchParams.get('redirect_uri'), searchParams.get('code_challenge_method')]).toEqual([stage.provider.issuer, `${stage.origin}/enter/back`, 'S256']);
    }
    const ann = await stage.enter('ann');
    expect((await ann.browser.visit(`${stage.origin}/enter?to=https://evil.example`)).url).toContain(stage.origin);
  });

  test('has cookies that scripts cannot read, and pages that run nothing of others', async () => {
    stage.provider.set('eve', { given_name: '<script>alert(1)</script>', family_name: '"><img src=x onerror=alert(2)>' });
    const page = await stage.enter('eve');
    expect(page.text).toContain('&lt;script&gt;alert(1)');
    expect(page.text.match(/<script/g)).toHaveLength(1);
    const policy = page.headers.get('content-security-policy')!;
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toContain('unsafe');
    const start = await fetch(`${stage.origin}/enter/go`, { redirect: 'manual' });
    expect(start.headers.getSetCookie()).toEqual([expect.stringMatching(/^aerogram_browser=[\w-]{43}; Path=\/; Max-Age=600; HttpOnly; SameSite=Lax$/)]);
  });

  test('stops to see codes when its person leaves, which no other site can do', async () => {
    const { browser } = await stage.enter('ann');
    const codes = async (): Promise<number> => (await browser.visit(`${stage.origin}/enter/codes`)).status;
    const leave = (headers: Record<string, string>) => browser.visit(`${stage.origin}/enter/out`, { method: 'POST', headers });
    const forged: Record<string, string>[] = [{}, { origin: 'https://evil.example' }, { 'sec-fetch-site': 'cross-site', origin: stage.origin }];
    for (const headers of forged) expect((await leave(headers)).status).toBe(403);
    expect((await browser.visit(`${stage.origin}/enter/out`)).status).toBe(405);
    expect(await codes()).toBe(200);
    const kept = new Map(browser.cookies);
    expect(await leave({ origin: stage.origin })).toMatchObject({ status: 200, url: `${stage.origin}/enter` });
    for (const [key, value] of kept) browser.cookies.set(key, value);
    expect(await codes()).toBe(401);
  });

  test('is held back if its address asks for too much', async () => {
    const headers = { 'x-forwarded-for': '203.0.113.9' };
    const statuses = [];
    for (let n = 0; n < 160; n++) statuses.push((await fetch(`${stage.origin}/enter`, { headers })).status);
    expect([statuses[0], statuses.at(-1)]).toEqual([200, 429]);
    expect((await fetch(`${stage.origin}/enter`, { headers: { 'x-forwarded-for': '198.51.100.7' } })).status).toBe(200);
  });

  test('whose person breaks off, or is refused by the provider, is told so', async () => {
    const page = await stage.enter(undefined);
    expect(page.status).toBe(403);
    expect(stage.logged.findLast(({ event }) => event === 'log_in_failed')).toMatchObject({ reason: 'provider', address: '127.0.0.1' });
  });
});

describe('the account of somebody else', () => {
  test('stays theirs, whatever number and address the provider names', async () => {
    const ben = await stage.scenario.server.db.q.selectFrom('company_accounts').innerJoin('users', 'users.user_id', 'company_accounts.user_id').select(['users.user_id', 'phone']).where('subject', '=', 'ann').executeTakeFirstOrThrow();
    stage.provider.set('mallory', { name: 'Mallory', email: 'ann@example.org', email_verified: true, phone_number: `+${ben.phone}`, phone_number_verified: true });
    const page = await stage.enter('mallory');
    expect(numberOn(page)).not.toBe(ben.phone);
    await asGuest(stage.scenario, async (guest) => {
      await askCode(guest, ben.phone!);
      expect(JSON.parse((await page.browser.visit(`${stage.origin}/enter/codes`)).text)).toEqual({ codes: [] });
    });
  });
});

describe('a server behind a proxy with TLS', () => {
  test('speaks of the address that its operator named, and takes its cookies from no other host', async () => {
    const address = 'https://chat.example.org';
    await using other = await startCompany({ env: { AEROGRAM_TEST_MODE: 'force', AEROGRAM_WEB_ADDRESS: address } });
    const { port } = other.scenario.server.info.http;
    const answer = await fetch(`http://localhost:${port}/enter/go`, { redirect: 'manual', headers: { cookie: `aerogram_browser=${'x'.repeat(43)}`, 'x-forwarded-host': 'evil.example' } });
    expect(new URL(answer.headers.get('location')!).searchParams.get('redirect_uri')).toBe(`${address}/enter/back`);
    expect(answer.headers.getSetCookie()).toEqual([expect.stringMatching(/^__Host-aerogram_browser=(?!x{43})[\w-]{43}; Path=\/; Max-Age=600; HttpOnly; SameSite=Lax; Secure$/)]);
    const page = await (await fetch(`http://localhost:${port}/enter`)).text();
    expect(page).toContain(`href="${address}/enter/go"`);
    expect(await (await fetch(`http://localhost:${port}/client.json`)).json()).toMatchObject({ enter: { name: 'Example Ltd', address: `${address}/enter` } });
  });

  test('that knows no company has no such page', async () => {
    await using plain = await startScenario();
    const origin = `http://localhost:${plain.server.info.http.port}`;
    for (const path of ['/enter', '/enter/go', '/enter/back?state=x']) expect([path, (await fetch(origin + path)).status]).toEqual([path, 404]);
    expect(await (await fetch(`${origin}/client.json`)).json()).not.toHaveProperty('enter');
  });
});
