import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tl } from '@mtcute/node';
import { randomLong } from '@mtcute/node/utils.js';
import type { Locator, Page } from 'playwright-core';
import type { Actor } from '@aerogram/dev-env';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sendMedia } from '../scenarios/file-stage.ts';
import { HOSTILE_FILES } from './hostile-files.ts';
import { HOSTILE_LINE, HOSTILE_MESSAGES, HOSTILE_NAMES, HOSTILE_POLLS } from './hostile-texts.ts';
import { FIND_OVERFLOW } from './page-scripts.ts';
import { sendDocument } from './send-media.ts';
import { endWebStage, hasChromium, SIZES, startWebStage, type WebPerson, type WebStage } from './stage.ts';

/** Types of blobs that may have an address: a browser shows these without running anything in them. */
const SHOWN = ['image/jpeg', 'image/png', 'image/gif', 'image/webp', 'video/mp4', 'video/webm', 'audio/mpeg', 'audio/ogg', 'audio/mp4', 'application/octet-stream'];

/** Notes the type of each blob that gets an address. */
const WATCH_ADDRESSES = `window.addressed = []; const make = URL.createObjectURL; URL.createObjectURL = (blob) => { window.addressed.push(blob.type); return make.call(URL, blob); };`;

/** How long the page takes for two frames, in milliseconds. */
const TWO_FRAMES = `new Promise((resolve) => { const start = performance.now(); requestAnimationFrame(() => requestAnimationFrame(() => resolve(performance.now() - start))); })`;

/** Presses the first button of each message but that of its menu, one after the other, and looks at what opens. */
async function pressAll({ page, messages }: WebPerson): Promise<void> {
  const articles = messages.getByRole('article');
  const count = await articles.count();
  for (let index = 0; index < count; index++) {
    const button = articles.nth(index).getByRole('button', { name: /^(?!Message actions)/ }).first();
    if ((await button.count()) === 0 || (await button.isDisabled())) continue;
    await button.click();
    const viewer = page.getByRole('dialog', { name: 'Media viewer' });
    if ((await viewer.count()) === 0 && !(await isVisual(articles.nth(index)))) continue;
    await viewer.waitFor();
    await viewer.getByText('This cannot be shown').or(viewer.locator('video')).first().waitFor();
    await page.keyboard.press('Escape');
    await viewer.waitFor({ state: 'detached' });
  }
}

/** Whether a message shows a photo or video, which opens the viewer. */
const isVisual = async (article: Locator): Promise<boolean> => (await article.getByRole('button', { name: /^(Photo|Video)\b/ }).count()) > 0 && (await article.getByRole('button', { name: /^Video message/ }).count()) === 0;

/** The widest element of the page, so that a name that breaks the layout is found. */
const readWidth = (page: Page): Promise<number> => page.evaluate('document.documentElement.scrollWidth');

/** A public page whose description is hostile. */
const site = createServer((_request, response) => {
  const line = HOSTILE_LINE.replaceAll('"', '&quot;').replaceAll('<', '&lt;');
  response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' });
  response.end(`<meta property="og:title" content="${line}"><meta property="og:site_name" content="${line}"><meta property="og:description" content="${line.repeat(20)}">`);
});

describe.skipIf(!hasChromium)('hostile content', () => {
  let stage: WebStage;
  beforeAll(async () => {
    await new Promise<void>((resolve) => site.listen(0, '127.0.0.1', resolve));
    const port = String((site.address() as AddressInfo).port);
    stage = await startWebStage({ env: { AEROGRAM_LINK_PREVIEWS: '1', AEROGRAM_FILES_BY_URL: '1', AEROGRAM_LINK_PREVIEW_NETWORKS: '127.0.0.1', AEROGRAM_LINK_PREVIEW_PORTS: port } });
  });
  // Fails on dialogs, errors and whatever the policy of the page refused.
  afterAll(async () => {
    site.close();
    await endWebStage(stage);
  });

  test('files run nothing, hold up nothing and break no layout', async () => {
    const ann = await stage.person('Ann', 'phone');
    const bob = await stage.world.user('Bob');
    const { page } = ann;
    const saved: string[] = [];
    page.on('download', (download) => saved.push(download.suggestedFilename()));
    await page.addInitScript(WATCH_ADDRESSES);
    await page.reload();
    await bob.send(ann.actor, 'presents');
    for (const { what, mimeType, attributes, ...file } of HOSTILE_FILES) {
      await sendDocument(bob, ann.actor, file, { mimeType, attributes }).catch((error: unknown) => {
        throw new Error(`not sent: ${what}`, { cause: error });
      });
    }
    await bob.send(ann.actor, 'that is all');
    await ann.open(bob);
    await ann.message('presents').waitFor();
    const address = page.url();
    // All of them at once, so that none is left out because it is out of sight.
    await page.setViewportSize({ width: 360, height: 9000 });
    await ann.message('that is all').waitFor();
    await ann.messages.getByRole('button', { name: 'GIF, Pause' }).getByText('This cannot be shown').waitFor();
    await ann.sameAfterReload();
    await pressAll(ann);

    expect(await page.evaluate('[window.hacked, document.title, location.href, frames.length]')).toEqual([undefined, 'Aerogram', address, 0]);
    expect(ann.context.pages()).toHaveLength(1);
    const types = await page.evaluate<string[]>('window.addressed');
    expect(types.filter((type) => !SHOWN.includes(type))).toEqual([]);
    expect(await page.evaluate<number>(TWO_FRAMES)).toBeLessThan(2000);
    expect(await readWidth(page)).toBe(360);
    expect(saved.length).toBeGreaterThan(20);
    for (const name of saved) expect(name).toMatch(/^[^/\\:*?"<>|\p{Cc}\p{Cf}]+$/u);
  });

  test('texts, names and links run nothing, lead nowhere and break no layout', async () => {
    const ann = await stage.person('Ann', 'phone');
    const bob = await stage.world.user('Bob');
    const { page } = ann;
    const origin = new URL(page.url()).origin;
    const elsewhere: string[] = [];
    page.context().on('request', (request) => void (request.url().startsWith(origin) || request.url().startsWith('blob:') || elsewhere.push(request.url())));
    await bob.main.call({ _: 'account.updateProfile', firstName: 'Bob', about: HOSTILE_LINE.slice(0, 70) });
    await ann.actor.meet(bob);
    await bob.send(ann.actor, 'the beginning');
    const peer = bob.main.inputPeer(ann.actor.id);
    const refused: string[] = [];
    for (const { text: message, entities } of HOSTILE_MESSAGES) {
      await bob.main.change({ _: 'messages.sendMessage', peer, message, randomId: randomLong(), entities: entities(message.length) }).catch((error: unknown) => {
        if (!tl.RpcError.is(error) || error.code !== 400) throw new Error(`not sent: ${message}`, { cause: error });
        refused.push(`${error.text}: ${message.slice(0, 20)}`);
      });
    }
    // What the server takes is what the client must stand.
    expect(refused.length).toBeLessThan(10);
    await sendMedia(bob.main, { _: 'inputMediaContact', phoneNumber: '15550100', firstName: HOSTILE_LINE.slice(0, 60), lastName: HOSTILE_LINE.slice(0, 60), vcard: HOSTILE_LINE }, { peer });
    await sendMedia(bob.main, { _: 'inputMediaVenue', geoPoint: { _: 'inputGeoPoint', lat: 90, long: -180 }, title: HOSTILE_LINE, address: HOSTILE_LINE, provider: '<script>', venueId: '"', venueType: "'" }, { peer });
    await sendMedia(bob.main, { _: 'inputMediaDice', emoticon: '🎲' }, { peer });
    for (const poll of HOSTILE_POLLS) await sendMedia(bob.main, poll, { peer });
    await bob.send(ann.actor, `http://127.0.0.1:${(site.address() as AddressInfo).port}/`);
    await bob.send(ann.actor, 'the end');

    // All messages at once.
    await page.setViewportSize({ width: 360, height: 30_000 });
    await ann.open(bob);
    await ann.message('the end').waitFor();
    const address = page.url();
    const look = async (where: string): Promise<void> => expect(await page.evaluate(FIND_OVERFLOW), where).toEqual([]);
    await ann.message('the beginning').waitFor();
    await ann.messages.locator('.link-card').waitFor();
    await look('chat');
    const links = ann.messages.getByRole('link');
    const targets = await links.evaluateAll((all) => all.map((link) => (link as unknown as { href: string }).href).filter((href) => href !== ''));
    expect(targets.filter((target) => !/^(?:https?|mailto|tel|tg):/.test(target))).toEqual([]);
    // Each link that hides its target asks, and offers no other kind of address.
    const asking = ann.messages.locator('a.asks');
    expect(await asking.count()).toBeGreaterThan(5);
    for (const link of await asking.all()) {
      await link.click();
      const target = await ann.dialog('Open link').getByRole('link', { name: 'Open' }).getAttribute('href');
      expect(target).toMatch(/^(?:https?|mailto|tel|tg):/);
      await look(`link to ${target}`);
      await page.keyboard.press('Escape');
    }
    await page.setViewportSize(SIZES.phone);
    await ann.go(`chat/${bob.id}/info`);
    await page.getByRole('complementary', { name: 'Info' }).getByRole('tab', { name: 'Links' }).click();
    await look('info');

    const people = await Promise.all(HOSTILE_NAMES.map(async (name) => await stage.world.user(name.slice(0, 64))));
    const [first] = people as [Actor, ...Actor[]];
    for (const one of people) await first.meet(one);
    await first.meet(ann.actor);
    const groups: number[] = [];
    for (const title of HOSTILE_NAMES) {
      const made = await first.main.invite({ _: 'messages.createChat', title, users: [ann.actor, ...people.slice(1)].map((one) => first.main.inputUser(one.id)) });
      if (made.updates._ === 'updates') groups.push(-made.updates.chats[0]!.id);
    }
    const group = groups.at(-1)!;
    for (const one of people) await one.main.change({ _: 'messages.sendMessage', peer: one.main.inputPeer(group), message: `from ${one.id}`, randomId: randomLong() });
    await ann.go('');
    await expect.poll(() => ann.chats.getByRole('link').count()).toBe(HOSTILE_NAMES.length + 1);
    await look('chats');
    await ann.open(group);
    await ann.message(`from ${people.at(-1)!.id}`).waitFor();
    await look('group');
    await ann.choose(`from ${people[2]!.id}`, 'Reply');
    await look('reply');
    await ann.choose(`from ${people[2]!.id}`, 'Forward');
    await ann.dialog('Forward to').getByRole('listitem').nth(3).waitFor();
    await look('dialog to forward');
    await page.keyboard.press('Escape');
    for (const id of [group, people[0]!.id, people[2]!.id]) {
      await ann.go(`chat/${id}/info`);
      const info = page.getByRole('complementary', { name: 'Info' });
      // Tabs are those of the people of a group, or of what was sent, of which there is nothing in a private chat.
      await (id === group ? info.getByRole('tab').first() : info.getByRole('group', { name: 'Actions' })).waitFor();
      await look(`about ${id}`);
    }
    await ann.open(group);
    await page.getByRole('button', { name: 'More', exact: true }).click();
    await page.getByRole('menuitem', { name: 'Leave group' }).click();
    await page.getByRole('dialog').waitFor();
    await look('dialog to leave');
    await page.keyboard.press('Escape');
    await ann.open(bob);
    expect(await page.evaluate('[typeof window.__pwned, frames.length, location.href]')).toEqual(['undefined', 0, address]);
    expect(await page.title()).toMatch(/^(?:\(\d+\) )?Aerogram$/);
    expect(ann.context.pages()).toHaveLength(1);
    expect(elsewhere).toEqual([]);
    await ann.sameAfterReload();
  });
});
