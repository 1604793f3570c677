import { type Actor, PlainBrowser, TestCompanyProvider } from '@aerogram/dev-env';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { endWebStage, hasChromium, startWebStage, type WebPerson, type WebStage } from './stage.ts';

/** What a script would do if anything ran it. */
const HARM = 'window.__pwned=1';

const NOBODY = { name: 'Somebody' } as Actor;

describe.skipIf(!hasChromium)('the log-in with the account of the company', () => {
  let stage: WebStage;
  let provider: TestCompanyProvider;
  let origin: string;
  beforeAll(async () => {
    provider = await TestCompanyProvider.listen();
    stage = await startWebStage({ env: { ...provider.env, AEROGRAM_SIGN_UP: 'invited', AEROGRAM_OIDC_NAME: `Example <b onclick="${HARM}">Ltd</b>` } });
    origin = `http://localhost:${stage.server.info.http.port}`;
    await provider.serve(origin);
  });
  afterAll(async () => {
    await endWebStage(stage);
    await provider?.[Symbol.asyncDispose]();
  });

  const button = ({ page }: WebPerson) => page.getByRole('button', { name: /^Log in with Example/ });
  const isHarmed = ({ page }: WebPerson): Promise<unknown> => page.evaluate('window.__pwned');
  const traces = async ({ page, context }: WebPerson): Promise<string> => {
    const browser = await context.newCDPSession(page);
    const { entries } = await browser.send('Page.getNavigationHistory');
    return JSON.stringify([page.url(), entries.map(({ url }) => url), await page.evaluate('[{ ...localStorage }, { ...sessionStorage }]')]);
  };

  test('one button of the web client makes the account and logs in', async () => {
    provider.set('ann', { given_name: 'Ann', family_name: 'Lee' });
    provider.visitor = 'ann';
    const web = await stage.open(NOBODY);
    await button(web).click();
    await web.chats.waitFor();
    expect(new URL(web.page.url()).hash).toBe('#/');
    expect(await traces(web)).not.toMatch(/tgWebAuthToken|aerogram-enter/);
    await web.page.reload();
    await web.chats.waitFor();
    // Another window of the same person is another device.
    const other = await stage.open(NOBODY, 'phone');
    await button(other).click();
    await other.chats.waitFor();
    expect(await stage.server.db.q.selectFrom('company_accounts').innerJoin('authorizations', 'authorizations.user_id', 'company_accounts.user_id').select('subject').where('subject', '=', 'ann').execute()).toHaveLength(2);
  });

  test('a link with the token of somebody else logs nobody in', async () => {
    provider.set('mallory', { name: 'Mallory' });
    provider.visitor = 'mallory';
    const secret = 's'.repeat(43);
    const { url } = await new PlainBrowser().visit(`${origin}/enter/web?with=${secret}`, { until: (next) => next.includes('tgWebAuthToken') });
    const token = new URLSearchParams(new URL(url).hash.slice(1)).get('tgWebAuthToken')!;
    for (const given of [token, `${token}.${secret}`]) {
      const victim = await stage.visit(NOBODY, url.replace(token, given));
      await victim.page.getByRole('alert').getByText('This link cannot be used any more').waitFor();
      expect(await victim.chats.count()).toBe(0);
    }
  });

  test('the page shows the number and each code that an app asks for, and runs nothing of what people are called', async () => {
    provider.set('eve', { given_name: `<img src=x onerror=${HARM}>`, family_name: `<script>${HARM}</script>` });
    provider.visitor = 'eve';
    const web = await stage.visit(NOBODY, `${origin}/enter`);
    await web.page.getByRole('link', { name: /^Log in with Example/ }).click();
    const number = await web.page.locator('#number').textContent();
    await web.page.getByText('No app waits for a code.').waitFor();
    expect(await isHarmed(web)).toBeUndefined();
    const app = await stage.open(NOBODY);
    await app.page.getByRole('textbox', { name: 'Phone number' }).fill(number!);
    await app.page.getByRole('button', { name: 'Next' }).click();
    await app.page.getByText(/The code is shown at .*\/enter/).waitFor();
    // It appears without a reload.
    await web.page.locator('.code').waitFor();
    const code = await web.page.locator('.code').textContent();
    await app.page.getByRole('textbox', { name: 'Code' }).fill(code!);
    await app.page.getByRole('button', { name: 'Next' }).click();
    await app.chats.waitFor();
    await web.page.locator('.code').waitFor({ state: 'detached' });
    for (const person of [web, app]) expect(await isHarmed(person)).toBeUndefined();
    await web.page.getByRole('button', { name: 'Leave this page' }).click();
    await web.page.getByRole('link', { name: /^Log in with Example/ }).waitFor();
    expect(await web.page.locator('#number').count()).toBe(0);
  });
});
