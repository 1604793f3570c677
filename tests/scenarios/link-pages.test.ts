import { rm } from 'node:fs/promises';
import { Agent } from 'node:http';
import { connect } from 'node:net';
import { type Actor, startTestServer, type TestServer } from '@aerogram/dev-env';
import { hashOfInviteLink } from '@aerogram/domain';
import type { tl } from '@mtcute/node';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createChannel } from './channel-stage.ts';
import { makeFolder, shareFolder } from './folder-stage.ts';
import { exportInvite, revokeInvite } from './invite-stage.ts';
import { type Scenario, startScenario } from './scenario.ts';
import { ask, makeWebFolder, openFromPage } from './web-stage.ts';

/** The only origin of pages that the operator has named. */
const LISTED_ORIGIN = 'https://chat.example.org';

let webFolder: string;
let scenario: Scenario;
let alice: Actor;
beforeAll(async () => {
  webFolder = await makeWebFolder();
  scenario = await startScenario({ webFolder, env: { AEROGRAM_TEST_MODE: 'force', AEROGRAM_WEB_ORIGINS: LISTED_ORIGIN } });
  alice = await scenario.world.user('Alice');
});
afterAll(async () => {
  await scenario?.[Symbol.asyncDispose]();
  await rm(webFolder, { recursive: true, force: true });
});

/** Requests a page as a browser does. */
function get(path: string, init: RequestInit = {}): Promise<Response> {
  const { host, port } = scenario.server.info.http;
  return fetch(`http://${host}:${port}${path}`, { redirect: 'manual', ...init });
}

/** Sends bytes to the HTTP port, as no client library would. @returns everything that comes back until the server closes */
function send(request: string): Promise<string> {
  const { host, port } = scenario.server.info.http;
  return new Promise((resolve, reject) => {
    let answer = '';
    const socket = connect(port, host, () => socket.write(request, 'latin1'));
    socket.setEncoding('utf8').on('data', (text: string) => (answer += text)).on('close', () => resolve(answer)).on('error', reject);
  });
}

/** Everything of an answer that a client sees, except when it was sent. */
async function seenBy(response: Response): Promise<unknown> {
  const headers = Object.fromEntries([...response.headers].filter(([name]) => name !== 'date'));
  return { status: response.status, headers, body: await response.text() };
}

const makePublic = (id: number, username: string): Promise<boolean> => alice.main.call({ _: 'channels.updateUsername', channel: alice.main.inputChannel(id), username });

/** A public channel of Alice's. @returns its marked id */
async function publicChannel(username: string, title: string, about: string, kind: 'megagroup' | 'broadcast' = 'broadcast'): Promise<number> {
  const id = await createChannel(alice, kind, title);
  await alice.main.call({ _: 'messages.editChatAbout', peer: alice.main.inputPeer(id), about });
  await makePublic(id, username);
  return id;
}

describe('the page of a username', () => {
  test('shows a public channel, and leads to the app', async () => {
    await publicChannel('Climbing_news', 'Rocks & <b>Ropes</b>', 'First line\n"second" <script>alert(1)</script>');
    const response = await get('/climbing_NEWS?utm=1');
    expect(response.status).toBe(200);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'content-type': 'text/html; charset=utf-8', 'cache-control': 'public, max-age=60', 'referrer-policy': 'no-referrer', 'x-content-type-options': 'nosniff',
    });
    expect(response.headers.get('content-security-policy')).toMatch(/^default-src 'none'; style-src 'sha256-[\w+/=]+'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'$/);
    const page = await response.text();
    for (const part of [
      '<h1 dir="auto">Rocks &amp; &lt;b&gt;Ropes&lt;/b&gt;</h1>', '@Climbing_news · 1 subscriber', 'First line<br>&quot;second&quot; &lt;script&gt;', '<a class="open" href="/#/link/Climbing_news">Join the channel</a>', '<a class="open app" href="tg://resolve?domain=Climbing_news">Open in an app</a>',
      '<meta property="og:title" content="Rocks &amp; &lt;b&gt;Ropes&lt;/b&gt;">', '<meta property="og:description" content="First line &quot;second&quot;',
    ]) {
      expect(page).toContain(part);
    }
    expect(page).not.toMatch(/<script|<b>|noindex/);
    const ofPost = await (await get('/climbing_news/15')).text();
    for (const link of ['tg://resolve?domain=Climbing_news&amp;post=15', '/#/link/Climbing_news/15']) expect(ofPost).toContain(`href="${link}"`);
    for (const [path, app, web] of [
      ['4/15', 'post=15&amp;thread=4', '4/15'],
      ['15?thread=4&x=%22', 'post=15&amp;thread=4', '15?thread=4'],
      ['15?comment=20', 'post=15&amp;comment=20', '15?comment=20'],
      ['15?comment=%22', 'post=15', '15'],
    ] as const) {
      const inThread = await (await get(`/climbing_news/${path}`)).text();
      for (const link of [`tg://resolve?domain=Climbing_news&amp;${app}`, `/#/link/Climbing_news/${web}`]) expect(inThread).toContain(`href="${link}"`);
    }
    const toStart = await (await get('/climbing_news?start=a-1&x=%22')).text();
    for (const link of ['tg://resolve?domain=Climbing_news&amp;start=a-1', '/#/link/Climbing_news?start=a-1']) expect(toStart).toContain(`href="${link}"`);
    for (const [asked, kept] of [
      ['startgroup=a-1&admin=pin_messages+invite_users&x=1', 'startgroup=a-1&amp;admin=pin_messages+invite_users'],
      ['startgroup', 'startgroup'],
      ['startchannel&admin=post_messages', 'startchannel&amp;admin=post_messages'],
      ['startgroup=%22&admin=%3Cb%3E', 'startgroup'],
    ] as const) {
      const toAdd = await (await get(`/climbing_news?${asked}`)).text();
      for (const link of [`tg://resolve?domain=Climbing_news&amp;${kept}`, `/#/link/Climbing_news?${kept}`]) expect(toAdd).toContain(`href="${link}"`);
    }
    const head = await get('/climbing_news', { method: 'HEAD' });
    expect([head.status, head.headers.get('content-length'), await head.text()]).toEqual([200, String(Buffer.byteLength(page)), '']);
    expect((await get('/climbing_news', { method: 'POST', body: 'x' })).status).toBe(405);
  });

  test('shows of a user what strangers may see', async () => {
    await alice.main.call({ _: 'account.updateUsername', username: 'alice_page' });
    await alice.main.call({ _: 'account.updateProfile', firstName: 'Alice', lastName: 'Liddell', about: 'down the rabbit hole' });
    const before = await (await get('/alice_page')).text();
    expect(before).toContain('<h1 dir="auto">Alice Liddell</h1>');
    expect(before).toContain('down the rabbit hole');
    expect(before).not.toContain(alice.phone);
    const key: tl.TypeInputPrivacyKey = { _: 'inputPrivacyKeyAbout' };
    await alice.main.call({ _: 'account.setPrivacy', key, rules: [{ _: 'inputPrivacyValueAllowContacts' }] });
    const after = await (await get('/alice_page')).text();
    expect(after).toContain('Alice Liddell');
    expect(after).not.toContain('rabbit');
  });

  test('does not tell what is private from what does not exist', async () => {
    const id = await publicChannel('soon_private', 'Secret plans', 'hidden');
    const gone = await publicChannel('soon_gone', 'Old plans', 'hidden');
    expect((await get('/soon_private')).status).toBe(200);
    await makePublic(id, '');
    await alice.main.change({ _: 'channels.deleteChannel', channel: alice.main.inputChannel(gone) });
    const zoe = await scenario.world.user('Zoe');
    await zoe.main.call({ _: 'account.updateUsername', username: 'zoe_leaves' });
    expect((await get('/zoe_leaves')).status).toBe(200);
    await zoe.main.call({ _: 'account.deleteAccount', reason: 'test' });
    const unknown = await seenBy(await get('/nobody_has_this'));
    expect(unknown).toMatchObject({ status: 404, headers: { 'cache-control': 'public, max-age=60' } });
    for (const path of ['/soon_private', '/soon_gone', '/zoe_leaves', '/helpdesk', '/support', '/soon_private/1']) expect([path, await seenBy(await get(path))]).toEqual([path, unknown]);
    expect(JSON.stringify(unknown)).not.toMatch(/nobody_has_this|tg:|\/#\//);
  });
});

test('the page of an invite link shows the private group while the link is valid', async () => {
  const id = await createChannel(alice, 'megagroup', 'Friday <i>crew</i>');
  const { link } = await exportInvite(alice, id, { title: 'for the flyer' });
  const path = link.slice('https://t.me'.length);
  const response = await get(path);
  expect([response.status, response.headers.get('cache-control')]).toEqual([200, 'private, max-age=60']);
  const page = await response.text();
  for (const part of ['<h1 dir="auto">Friday &lt;i&gt;crew&lt;/i&gt;</h1>', '1 member', 'rocks', `href="tg://join?invite=${hashOfInviteLink(link)}"`, `href="/#/link/+${hashOfInviteLink(link)}"`, 'Join the group', 'noindex']) expect(page).toContain(part);
  expect(page).not.toMatch(/flyer|Alice/);
  for (const other of [`/joinchat/${hashOfInviteLink(link)}`, `/%2B${hashOfInviteLink(link)}`]) expect(await (await get(other)).text()).toBe(page);
  const asked = await exportInvite(alice, id, { requestNeeded: true });
  expect(await (await get(`/+${hashOfInviteLink(asked.link)}`)).text()).toContain('Ask to join');

  const nothing = await seenBy(await get('/+ABCDEFGHIJKLMNOP'));
  expect(nothing).toMatchObject({ status: 404 });
  await revokeInvite(alice, id, link);
  expect(await seenBy(await get(path))).toEqual(nothing);
});

test('the page of a folder shows its title and the number of its chats', async () => {
  const chats = [await createChannel(alice, 'megagroup', 'Secret climbers'), await createChannel(alice, 'broadcast', 'Secret routes')];
  await makeFolder(alice, 2, chats, 'Hobbies & co');
  const slug = await shareFolder(alice, 2, chats);
  const response = await get(`/addlist/${slug}`);
  expect([response.status, response.headers.get('cache-control')]).toEqual([200, 'private, max-age=60']);
  const page = await response.text();
  for (const part of ['Hobbies &amp; co', '2 chats', `href="tg://addlist?slug=${slug}"`, `href="/#/link/addlist/${slug}"`, 'noindex']) expect(page).toContain(part);
  expect(page).not.toMatch(/Secret|Alice/);
  const nothing = await seenBy(await get('/addlist/AAAAAAAAAAAAAAAAAAAAAA'));
  await alice.main.call({ _: 'chatlists.deleteExportedInvite', chatlist: { _: 'inputChatlistDialogFilter', filterId: 2 }, slug });
  expect(await seenBy(await get(`/addlist/${slug}`))).toEqual(nothing);
});

describe('requests that nobody should send', () => {
  test('get an answer or a closed connection, and nothing else', async () => {
    for (const path of ['/../../etc/passwd', '/%2e%2e/%2e%2e', '/alice%00', '//alice_page', '/+', '/joinchat/', '/+<script>', `/${'a'.repeat(5000)}`, '/alice_page/99999999999', '/__proto__', '/constructor']) {
      const answer = await send(`GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
      expect([path, /^HTTP\/1\.1 (?:400|404|431) /.test(answer), /script|passwd/.test(answer)]).toEqual([path, true, false]);
    }
    // Old clients.
    expect(await send('GET /alice_page HTTP/1.0\r\n\r\n')).toMatch(/^HTTP\/1\.1 200 OK[^]*Alice Liddell/);
  });

  test('are limited by address', async () => {
    const from = (address: string, path: string): Promise<Response> => get(path, { headers: { 'x-forwarded-for': `203.0.113.1, ${address}` } });
    const statuses: number[] = [];
    // A page that shows nothing costs five times as much.
    for (let n = 0; n < 14; n++) statuses.push((await from('198.51.100.7', `/guess_${n}_abc`)).status);
    expect(statuses.slice(0, 12)).toEqual(Array.from({ length: 12 }, () => 404));
    const refused = await from('198.51.100.7', '/alice_page');
    expect([refused.status, Number(refused.headers.get('retry-after')) > 0]).toEqual([429, true]);
    expect((await from('198.51.100.8', '/alice_page')).status).toBe(200);
  });
});

describe.each([1, 2])('the web client of a server of %i processes', (workers) => {
  let server: TestServer;
  beforeAll(async () => {
    server = workers === 1 ? scenario.server : await startTestServer({ webFolder, env: { AEROGRAM_TEST_MODE: 'force', AEROGRAM_WEB_ORIGINS: LISTED_ORIGIN, AEROGRAM_WORKERS: String(workers) } });
  });
  afterAll(async () => {
    if (workers > 1) await server?.[Symbol.asyncDispose]();
  });

  test.each(['http', 'mtproto'] as const)('is served on the %s port, whatever came before over the connection', async (port) => {
    const { [port]: endpoint, dc_id, layer, public_keys, test_mode } = server.info;
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const visit = (path: string, method = 'GET', headers: Record<string, string> = {}): ReturnType<typeof ask> => ask(endpoint, path, { agent, method, headers });
    // Needs the domain: with several processes the connection goes to one that has it.
    expect((await visit('/nobody_has_this')).body).toContain('Nothing to see here');
    const index = await visit('/');
    expect(index).toMatchObject({ status: 200, headers: { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-cache' }, body: 'the index' });
    expect(index.headers['content-security-policy']).toContain("script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; connect-src 'self'");
    expect(await visit('/', 'GET', { 'if-none-match': index.headers.etag! })).toMatchObject({ status: 304, body: '' });
    expect(await visit('/worker.js', 'HEAD')).toMatchObject({ status: 200, headers: { 'content-length': String('the worker'.length) }, body: '' });
    expect(await visit('/assets/app-AB12CD34.js', 'GET', { 'accept-encoding': 'gzip, br' })).toMatchObject({
      status: 200, headers: { 'content-encoding': 'br', vary: 'Accept-Encoding', 'cache-control': 'public, max-age=31536000, immutable' }, body: 'the app in brotli',
    });
    expect(JSON.parse((await visit('/client.json')).body)).toEqual({ dc_id, layer, public_keys, test_mode, build: 'b7' });
    const about = (await visit('/about')).body;
    for (const part of ['Aerogram is running', public_keys[0]!.fingerprint, '<a href="/">']) expect(about).toContain(part);
    for (const path of ['/', '/assets/app-AB12CD34.js', '/about', '/client.json']) expect([path, (await visit(path, 'POST')).status]).toEqual([path, 405]);
    for (const path of ['/assets/../build.txt', '/assets/%2e%2e/build.txt', '/build.txt', '/assets/app-AB12CD34.js.br', '/sw.js']) expect([path, (await visit(path)).status]).toEqual([path, 404]);
    expect(Object.values(agent.freeSockets).flat()).toHaveLength(1);
    agent.destroy();
  });

  test('may speak MTProto, as listed pages may, and no other page', async () => {
    const { http, mtproto } = server.info;
    for (const endpoint of [http, mtproto]) {
      const own = `127.0.0.1:${endpoint.port}`;
      const rebound = `evil.example:${endpoint.port}`;
      for (const [origin, host, isAllowed] of [
        [`http://${own}`, own, true],
        [`http://localhost:${endpoint.port}`, `localhost:${endpoint.port}`, true],
        ['https://behind-a-proxy.example', 'behind-a-proxy.example', true],
        [LISTED_ORIGIN, own, true],
        ['https://evil.example', own, false],
        [`http://127.0.0.1:${endpoint.port + 1}`, own, false],
        // A page whose domain was made to point here after it was loaded (DNS rebinding).
        [`http://${rebound}`, rebound, false],
      ] as const) {
        expect([origin, await openFromPage(endpoint, { origin, host })]).toEqual([origin, isAllowed ? 101 : 403]);
        // 404 is the answer to a packet that is too short.
        expect([origin, (await ask(endpoint, '/apiw1', { method: 'POST', headers: { origin, host }, body: 'short' })).status]).toEqual([origin, isAllowed ? 404 : 403]);
      }
    }
  });
});

test('the page of a sticker set', async () => {
  const response = await get('/addemoji/aerogramfaceemoji');
  expect(response.status).toBe(200);
  const page = await response.text();
  for (const part of ['custom emoji', 'View the emoji', 'href="tg://addemoji?set=aerogramfaceemoji"', 'href="/#/addemoji/aerogramfaceemoji"']) expect(page).toContain(part);
  expect((await get('/addstickers/no_such_set')).status).toBe(404);
});
