import { adminCommands } from '@aerogram/cli/admin-commands';
import { createProgram } from '@aerogram/cli/program';
import { PlainBrowser, type Visit } from '@aerogram/dev-env';
import type { OutgoingCode, OutgoingEmail } from '@aerogram/domain';
import type { tl } from '@mtcute/node';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { asGuest, type Scenario, startScenario } from './scenario.ts';

const API = { apiId: 1, apiHash: '0123456789abcdef0123456789abcdef' };
const OFFICE = { 'x-forwarded-for': '203.0.113.9' };

let scenario: Scenario;
const codes: OutgoingCode[] = [];
const emails: OutgoingEmail[] = [];
beforeAll(async () => {
  scenario = await startScenario({
    env: { AEROGRAM_SIGN_UP: 'invited', AEROGRAM_MAIL_DOMAINS: 'example.org', AEROGRAM_TEST_MODE: '0' },
    kit: { adminCommands },
    codeDelivery: { ways: ['sms'], sendsEmail: true, deliver: async (code) => void codes.push(code), deliverEmail: async (mail) => void emails.push(mail) },
  });
}, 60_000);
afterAll(() => scenario?.[Symbol.asyncDispose]());

/** Runs a command of the command line, which knows of the server what stands in its data directory. */
async function run(...args: string[]): Promise<string> {
  const { databaseUrl, dataDir } = scenario.server;
  const lines: string[] = [];
  await createProgram({ AEROGRAM_DATABASE_URL: databaseUrl, AEROGRAM_DATA_DIR: dataDir, AEROGRAM_SIGN_UP: 'invited', AEROGRAM_SMTP_URL: 'smtp://localhost' }, (line) => lines.push(line)).parseAsync(args, { from: 'user' });
  return lines.join('\n');
}

interface Listed {
  invitations: { phone: string; email: string | null; link: string | null }[];
  links: { link: string; uses: number; uses_left: number; made_by: string | null }[];
}

const list = async (): Promise<Listed> => JSON.parse(await run('invite', 'list', '--json')) as Listed;

async function makeLink(...terms: string[]): Promise<{ link: string; url: string }> {
  return JSON.parse(await run('invite', 'create', '--link', ...terms, '--json')) as { link: string; url: string };
}

/** The secret of the form on a page; '' if there is none. */
const formOn = ({ text }: Visit): string => /name="form" value="([\w-]{22})"/.exec(text)?.[1] ?? '';

const send = (url: string, form: string, to: string, headers: Record<string, string> = { origin: new URL(url).origin }): Promise<Visit> => new PlainBrowser().visit(url, { method: 'POST', headers, form: { form, to } });

/** Opens a link and sends its form as a browser does. */
async function enter(url: string, to: string): Promise<Visit> {
  const page = await new PlainBrowser().visit(url);
  expect(page.status).toBe(200);
  return send(url, formOn(page), to);
}

const numberOn = ({ text }: Visit): string | undefined => /id="number">\+(\d+)</.exec(text)?.[1];

async function signUp(phoneNumber: string, readCode: () => { phoneCode: string } | { emailVerification: tl.RawEmailVerificationCode }): Promise<tl.RawUser> {
  return asGuest(scenario, async (guest) => {
    const sent = await guest.call({ _: 'auth.sendCode', phoneNumber, ...API, settings: { _: 'codeSettings' } });
    if (sent._ !== 'auth.sentCode') throw new Error(sent._);
    const { phoneCodeHash } = sent;
    await guest.call({ _: 'auth.signIn', phoneNumber, phoneCodeHash, ...(await vi.waitFor(readCode)) });
    const made = await guest.call({ _: 'auth.signUp', phoneNumber, phoneCodeHash, firstName: 'Ann', lastName: '' });
    if (made._ !== 'auth.authorization' || made.user._ !== 'user') throw new Error(made._);
    await guest.notifyLoggedIn(made);
    return made.user;
  });
}

describe('somebody with a link', () => {
  test('enters a phone number, and signs up with the code that is sent there', async () => {
    const { url } = await makeLink();
    expect(url).toMatch(new RegExp(`^http://localhost:${scenario.server.info.http.port}/invite/[\\w-]{43}$`));
    const done = await enter(url, '+1 555 000 3333');
    expect([done.status, numberOn(done)]).toEqual([200, '15550003333']);
    expect(await signUp('15550003333', () => ({ phoneCode: codes.find(({ phone }) => phone === '15550003333')!.code }))).toMatchObject({ phone: '15550003333', firstName: 'Ann' });
    expect((await new PlainBrowser().visit(url)).status).toBe(404);
  });

  test('enters an address, gets a number, and signs up with the code that is mailed', async () => {
    const { url } = await makeLink();
    const done = await enter(url, 'ann@example.org');
    const phone = numberOn(done)!;
    expect(phone).toMatch(/^888\d{11}$/);
    expect(done.text).toContain('mailed to ann@example.org');
    const mailed = emails.length;
    const user = await signUp(phone, () => ({ emailVerification: { _: 'emailVerificationCode', code: emails[mailed]!.code } }));
    expect([user.phone, emails[mailed]!.email]).toEqual([phone, 'ann@example.org']);
  });

  test('who sends the form twice is counted once, and sees the same number', async () => {
    const { url, link } = await makeLink('--uses', '2');
    const form = formOn(await new PlainBrowser().visit(url));
    const [first, second] = [await send(url, form, 'bob@example.org'), await send(url, form, 'bob@example.org')];
    expect(second.text).toBe(first.text);
    expect((await list()).links.find((one) => one.link === link)).toMatchObject({ uses: 2, uses_left: 1, made_by: null });
  });

  test('does not learn from the page whether a number is known', async () => {
    const { url } = await makeLink('--uses', '3');
    const pages = [];
    for (const phone of ['15550003333', '15550003336', '15550003336']) {
      const { status, text, headers } = await enter(url, `+${phone}`);
      pages.push([status, text.replaceAll(phone, ''), headers.get('content-length')]);
    }
    expect(pages[1]).toEqual(pages[0]);
    expect(pages[2]).toEqual(pages[0]);
    expect((await list()).invitations.filter(({ phone }) => phone === '15550003333')).toEqual([]);
  });

  test('is told what is wrong, and nothing is used up', async () => {
    const { url, link } = await makeLink();
    for (const [to, words] of [
      ['12', 'no phone number'],
      ['+888 1234 5678 901', 'no phone number'],
      ['ann@', 'no e-mail address'],
      ['ann@elsewhere.example', 'sends no codes to addresses there'],
    ] as const) {
      const page = await enter(url, to);
      expect([to, page.status, page.text.includes(words), formOn(page) !== '']).toEqual([to, 400, true, true]);
    }
    expect((await list()).links.find((one) => one.link === link)).toMatchObject({ uses_left: 1 });
  });
});

describe('the page of a link', () => {
  let url: string;
  let link: string;
  beforeEach(async () => {
    ({ url, link } = await makeLink());
  });
  afterEach(() => run('invite', 'revoke', '--link', link).catch(() => undefined));

  test('is one and the same for links that nobody can use', async () => {
    const { url: revoked, link: id } = await makeLink('--uses', '5');
    expect(await run('invite', 'revoke', '--link', id)).toBe(`revoked    link ${id}`);
    const { url: used } = await makeLink();
    await enter(used, '+1 555 000 3337');
    const { origin } = new URL(url);
    const { url: ended, link: endedId } = await makeLink();
    await scenario.server.db.q.updateTable('invitation_links').set({ expires_date: 1 }).where('link_id', '=', BigInt(endedId)).execute();
    const form = formOn(await new PlainBrowser().visit(url));
    const told = new Set<string>();
    for (const dead of [revoked, used, ended, `${origin}/invite/${'x'.repeat(43)}`, `${origin}/invite/`, `${origin}/invite`, `${origin}/invite/${'%00'.repeat(9)}`, `${origin}/invite/a/b/c`, `${url}/`, `${url}x`]) {
      for (const page of [await new PlainBrowser().visit(dead), await send(dead, form, '+1 555 000 3338'), await send(dead, form, 'ann@elsewhere.example')]) {
        told.add(`${page.status} ${page.text}`);
      }
    }
    expect([...told]).toEqual([expect.stringMatching(/^404 .*This invitation cannot be used/s)]);
  });

  test('changes nothing unless its own form is sent', async () => {
    const form = formOn(await new PlainBrowser().visit(url));
    const query = new URLSearchParams({ form, to: '+1 555 000 3339' });
    expect((await new PlainBrowser().visit(`${url}?${query}`)).status).toBe(200);
    expect((await new PlainBrowser().visit(url, { method: 'HEAD' })).text).toBe('');
    const forged: Record<string, string>[] = [{}, { origin: 'https://evil.example' }, { origin: 'null' }, { 'sec-fetch-site': 'cross-site', origin: new URL(url).origin }, { 'sec-fetch-site': 'none' }];
    for (const headers of forged) expect([headers, (await send(url, form, '+1 555 000 3339', headers)).status]).toEqual([headers, 403]);
    for (const method of ['PUT', 'DELETE', 'OPTIONS', 'PATCH']) expect((await new PlainBrowser().visit(url, { method })).status).toBe(405);
    const { origin } = new URL(url);
    for (const body of ['', 'form=', `form=${form}&form=${form}&to=%2B15550003339`, `form=${form}&to=%2B15550003339&to=%2B15550003339`, '{"to":"+15550003339"}', `form=${'x'.repeat(22)}&to=${'1'.repeat(300)}`, '%', '\0']) {
      expect([body, (await fetch(url, { method: 'POST', headers: { origin }, body })).status]).toEqual([body, 400]);
    }
    expect((await fetch(url, { method: 'POST', headers: { origin }, body: `form=${form}&to=${'1'.repeat(10_000)}` })).status).toBe(413);
    expect((await list()).links.find((one) => one.link === link)).toMatchObject({ uses_left: 1 });
  });

  test('runs nothing, is kept nowhere, and shows what was entered as text', async () => {
    const page = await enter(url, '"><script>alert(1)</script>');
    expect(page.text).toContain('value="&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;"');
    expect(page.text).not.toMatch(/<script|<img|onerror=/);
    expect(page.headers.get('content-security-policy')).toMatch(/^default-src 'none'; style-src 'sha256-[^']+'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'$/);
    expect(page.headers.get('cache-control')).toBe('no-store');
    expect(page.headers.get('referrer-policy')).toBe('same-origin');
  });

  test('is held back for an address that sends too many forms, and for no other', async () => {
    const headers = { ...OFFICE, origin: new URL(url).origin };
    const statuses = [];
    for (let n = 0; n < 102; n++) statuses.push((await send(url, '', '', headers)).status);
    expect([statuses[0], statuses.at(-1)]).toEqual([400, 429]);
    expect((await send(url, '', '', { ...headers, 'x-forwarded-for': '198.51.100.7' })).status).toBe(400);
  });
});

test('nobody is invited while the server is worked on', async () => {
  const { url, link } = await makeLink();
  const form = formOn(await new PlainBrowser().visit(url));
  const { port } = scenario.server.info.http;
  const ready = async (): Promise<object> => (await (await fetch(`http://127.0.0.1:${port}/readyz`)).json()) as object;
  await run('maintenance', 'start');
  await expect.poll(ready, { timeout: 10_000 }).toHaveProperty('maintenance');
  const refused = await send(url, form, '+1 555 000 3340');
  expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '30']);
  await run('maintenance', 'stop');
  await expect.poll(ready, { timeout: 10_000 }).toEqual({ status: 'ready' });
  expect((await send(url, form, '+1 555 000 3340')).status).toBe(200);
  expect((await list()).invitations).toContainEqual(expect.objectContaining({ phone: '15550003340', link }));
  expect(await run('invite', 'revoke', '--link', link, '--with-invitations')).toBe(`revoked    link ${link}, and 1 invitations that came out of it`);
  expect((await list()).invitations).not.toContainEqual(expect.objectContaining({ phone: '15550003340' }));
});
