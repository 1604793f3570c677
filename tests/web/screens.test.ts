import { readFile } from 'node:fs/promises';
import type { AxeResults } from 'axe-core';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, onTestFailed, test } from 'vitest';
import type { Actor } from '@aerogram/dev-env';
import type { tl } from '@mtcute/node';
import { enableCloudPassword } from '@mtcute/node/methods.js';
import { randomLong } from '@mtcute/node/utils.js';
import { makeJpeg } from '../../packages/media/test/pictures.ts';
import { readSample } from '../../packages/media/test/samples.ts';
import { inline, press, seesPress, startBot } from '../scenarios/bot-stage.ts';
import { sendMedia } from '../scenarios/file-stage.ts';
import { idOfSent } from './make-chats.ts';
import { FIND_OVERFLOW } from './page-scripts.ts';
import { sendDocument, sendPhoto, sendPhotoAlbum } from './send-media.ts';
import { endWebStage, hasChromium, SIZES, startWebStage, type WebPerson, type WebStage } from './stage.ts';

const AXE = await readFile(new URL(import.meta.resolve('axe-core/axe.min.js')), 'utf8');

/** What a phone shows about a chat lies over the chat, so the page has no main part and no title for that long. */
const COVERED = new Set(['landmark-one-main', 'page-has-heading-one']);

/** How much somebody suffers from a fault, if the test is to fail. */
const SEVERE = ['moderate', 'serious', 'critical'];

/** What privacy rules are about, as addresses name it. */
const PRIVACY_KEYS = ['phone', 'last-seen', 'photo', 'bio', 'birthday', 'forwards', 'calls', 'call-address', 'groups', 'voice'];

/** Parts of the client beside chats, each with the one that Back leads to. */
const PLACES = [
  ['archive', ''],
  ['contacts', ''],
  ['tag/boats', ''],
  ['new/group', ''],
  ['new/channel', ''],
  ['new/contact', 'contacts'],
  ['settings', ''],
  ['calls', ''],
  ...['profile', 'notifications', 'privacy', 'devices', 'appearance', 'stickers'].map((section) => [`settings/${section}`, 'settings'] as const),
  ...[...PRIVACY_KEYS, 'blocked', 'sites', 'auto-delete', 'delete'].map((page) => [`settings/privacy/${page}`, 'settings/privacy'] as const),
  ['settings/folders', 'settings'],
  ['settings/folders/new', 'settings/folders'],
  ['settings/folders/2', 'settings/folders'],
] as const;

/** Lets axe-core look at a page. @returns what it finds, one line a place */
async function findFaults(page: Page): Promise<string[]> {
  if (!(await page.evaluate('"axe" in window'))) await page.evaluate(AXE);
  const isCovered = await page.getByRole('complementary').isVisible();
  const { violations } = await page.evaluate<AxeResults>("axe.run(document, { resultTypes: ['violations'] })");
  return violations.filter(({ id, impact }) => SEVERE.includes(impact!) && !(isCovered && COVERED.has(id))).flatMap(({ id, impact, nodes }) => nodes.map(({ html, target, any }) => `${impact} ${id}: ${target.join(' ')} ${html.slice(0, 160)} ${id === 'color-contrast' ? (any[0]?.message ?? '') : ''}`));
}

/** How a screen is looked at. Colours do not depend on the size; the narrowest window has the largest text. */
const LOOKS = [
  { name: 'phone, dark', size: SIZES.phone, colorScheme: 'dark', text: '' },
  { name: 'desk, light', size: SIZES.desk, colorScheme: 'light', text: '' },
  { name: 'narrow, large text', size: { width: 320, height: 640 }, colorScheme: 'light', text: '200%' },
] as const;

/** Looks at what a person has before them: small and dark, wide and light, and with large text where there is least room. */
class Inspector {
  readonly faults: string[] = [];
  readonly #person: WebPerson;

  constructor(person: WebPerson) {
    this.#person = person;
  }

  /** @param what names the screen in the report */
  async look(what: string): Promise<void> {
    const { page } = this.#person;
    for (const { name, size, colorScheme, text } of LOOKS) {
      await page.setViewportSize(size);
      // Colours that are just fading are no fault.
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      await page.evaluate(`document.documentElement.style.fontSize = '${text}'`);
      const found = [...(await page.evaluate<string[]>(FIND_OVERFLOW)), ...(await findFaults(page))];
      this.faults.push(...found.map((fault) => `${what} (${name}): ${fault}`));
    }
    await page.evaluate("document.documentElement.style.fontSize = ''");
  }
}

/** Makes a supergroup with a link, and somebody to whom something is forbidden. @returns its marked id */
async function makeClub({ main }: Actor, member: Actor): Promise<number> {
  const made = await main.change({ _: 'channels.createChannel', title: 'Club', about: '', megagroup: true });
  const club = made._ === 'updates' ? -1_000_000_000_000 - made.chats[0]!.id : 0;
  const channel = main.inputChannel(club);
  await main.invite({ _: 'channels.inviteToChannel', channel, users: [main.inputUser(member.id)] });
  await main.change({ _: 'channels.editBanned', channel, participant: main.inputPeer(member.id), bannedRights: { _: 'chatBannedRights', sendPolls: true, untilDate: 0 } });
  await main.call({ _: 'messages.exportChatInvite', peer: main.inputPeer(club), title: 'A link with quite a long name', usageLimit: 10 });
  return club;
}

/** Makes a channel with a post, and a forum with a topic where people comment on its posts. @returns marked ids of both, the ids of post and topic, and the part of an invite link that no other one has */
async function makeBroadcast({ main }: Actor, admin: Actor): Promise<{ channel: number; forum: number; post: number; topic: number; link: string }> {
  const make = async (title: string, kind: { broadcast: true } | { megagroup: true }): Promise<number> => {
    const made = await main.change({ _: 'channels.createChannel', title, about: '', ...kind });
    return made._ === 'updates' ? -1_000_000_000_000 - made.chats[0]!.id : 0;
  };
  const [channel, group, forum] = [await make('Newspaper', { broadcast: true }), await make('Readers', { megagroup: true }), await make('Forum', { megagroup: true })];
  const adminRights: tl.RawChatAdminRights = { _: 'chatAdminRights', inviteUsers: true, changeInfo: true };
  await main.invite({ _: 'channels.inviteToChannel', channel: main.inputChannel(forum), users: [main.inputUser(admin.id)] });
  await main.change({ _: 'channels.editAdmin', channel: main.inputChannel(forum), userId: main.inputUser(admin.id), adminRights, rank: 'Editor' });
  await admin.main.waitUntil('the forum', () => admin.main.state.channels.find(forum) !== undefined);
  await admin.main.call({ _: 'messages.exportChatInvite', peer: admin.main.inputPeer(forum), title: 'A link of another admin' });
  await main.call({ _: 'channels.setDiscussionGroup', broadcast: main.inputChannel(channel), group: main.inputChannel(group) });
  await main.change({ _: 'channels.toggleForum', channel: main.inputChannel(forum), enabled: true, tabs: false });
  const topic = idOfSent(await main.change({ _: 'messages.createForumTopic', peer: main.inputPeer(forum), title: 'A topic with a title that is quite long', randomId: randomLong() }));
  const post = idOfSent(await main.change({ _: 'messages.sendMessage', peer: main.inputPeer(channel), message: 'what the paper says about #boats', randomId: randomLong() }));
  const invite = await main.call({ _: 'messages.exportChatInvite', peer: main.inputPeer(forum), title: 'For friends', requestNeeded: true });
  const link = invite._ === 'chatInviteExported' ? invite.link.replace(/^.*\+/, '') : '';
  return { channel, forum, post, topic, link };
}

/** Sends one message of each kind that looks different. */
async function sendKinds(from: Actor, to: Actor): Promise<void> {
  await from.send(to, 'hello');
  const peer = from.main.inputPeer(to.id);
  const message = 'bold italic underlined struck code secret bank.example and https://example.org/ and a@example.org\nfunction () {}\na quote';
  const part = (text: string): { offset: number; length: number } => ({ offset: message.indexOf(text), length: text.length });
  await from.main.change({
    _: 'messages.sendMessage',
    peer,
    message,
    randomId: randomLong(),
    entities: [
      { _: 'messageEntityBold', ...part('bold') },
      { _: 'messageEntityItalic', ...part('italic') },
      { _: 'messageEntityUnderline', ...part('underlined') },
      { _: 'messageEntityStrike', ...part('struck') },
      { _: 'messageEntityCode', ...part('code') },
      { _: 'messageEntitySpoiler', ...part('secret') },
      { _: 'messageEntityTextUrl', ...part('bank.example'), url: 'https://example.com/' },
      { _: 'messageEntityPre', ...part('function () {}'), language: 'js' },
      { _: 'messageEntityBlockquote', ...part('a quote') },
    ],
  });
  await sendDocument(from, to, { bytes: readSample('voice.ogg'), name: 'voice.ogg' }, { mimeType: 'audio/ogg', attributes: [{ _: 'documentAttributeAudio', voice: true, duration: 3, waveform: Buffer.alloc(63, 0x5a) }] });
  await sendDocument(from, to, { bytes: readSample('film.mp4'), name: 'film.mp4', caption: 'a film' }, { mimeType: 'video/mp4' });
  await sendDocument(from, to, { bytes: Buffer.from('notes'), name: 'notes.txt' });
  await sendMedia(from.main, { _: 'inputMediaContact', phoneNumber: '15550100', firstName: 'Carl', lastName: 'Gray', vcard: '' }, { peer });
  await sendMedia(from.main, { _: 'inputMediaGeoPoint', geoPoint: { _: 'inputGeoPoint', lat: 52, long: 13 } }, { peer });
  await sendMedia(from.main, { _: 'inputMediaDice', emoticon: '🎲' }, { peer });
  await sendPhotoAlbum(from, to, [await makeJpeg(300, 400), await makeJpeg(400, 400)], 'two pictures');
  await sendPhoto(from, to, await makeJpeg(500, 300), { caption: 'the lake' });
}

describe.skipIf(!hasChromium)('the screens of the web client', () => {
  let stage: WebStage;
  beforeAll(async () => {
    stage = await startWebStage();
  });
  afterAll(() => endWebStage(stage));

  test('can be seen, read and used by everybody, in large and small windows, in light and dark', { timeout: 480_000 }, async () => {
    const bob = await stage.world.user('Bob');
    await enableCloudPassword(bob.main.client, { password: 'correct horse', hint: 'a horse' });
    const number = stage.world.freshPhone();
    const ann = await stage.open({ name: 'Ann', ...number } as Actor);
    const { page } = ann;
    const inspector = new Inspector(ann);
    onTestFailed(() => console.log(inspector.faults.join('\n')));
    const enter = async (name: string, text: string): Promise<void> => {
      await page.getByRole('textbox', { name }).fill(text);
      await page.getByRole('button', { name: 'Next' }).click();
    };
    await page.getByRole('heading', { name: 'Log in' }).waitFor();
    await inspector.look('phone number');
    await page.getByRole('button', { name: 'Log in by QR code' }).click();
    await page.getByRole('img', { name: 'QR code' }).waitFor();
    await inspector.look('QR code');
    await page.getByRole('button', { name: 'Back' }).click();
    await enter('Phone number', bob.phone);
    await enter('Code', bob.code);
    await page.getByRole('button', { name: 'Forgot password' }).click();
    await inspector.look('password');
    await page.getByRole('button', { name: 'Back' }).click();
    await enter('Phone number', number.phone);
    await page.getByRole('textbox', { name: 'Code' }).waitFor();
    await inspector.look('code');
    await enter('Code', number.code);
    await page.getByRole('textbox', { name: 'First name' }).fill('Ann');
    await inspector.look('sign-up');
    await page.getByRole('button', { name: 'Sign up' }).click();
    await ann.chats.waitFor();
    ann.actor = await stage.world.user('Ann', {}, number);
    await inspector.look('no chats');

    const { main } = ann.actor;
    const carl = await stage.world.user('Carl');
    await sendKinds(bob, ann.actor);
    await carl.send(ann.actor, 'a word from Carl');
    await ann.actor.meet(bob);
    await ann.actor.meet(carl);
    const made = await main.invite({ _: 'messages.createChat', title: 'Friends', users: [main.inputUser(bob.id), main.inputUser(carl.id)] });
    const group = made.updates._ === 'updates' ? -made.updates.chats[0]!.id : 0;
    await main.call({ _: 'folders.editPeerFolders', folderPeers: [{ _: 'inputFolderPeer', peer: main.inputPeer(carl.id), folderId: 1 }] });
    await main.call({ _: 'messages.updateDialogFilter', id: 2, filter: { _: 'dialogFilter', id: 2, title: { _: 'textWithEntities', text: 'Friends', entities: [] }, contacts: true, nonContacts: true, pinnedPeers: [], includePeers: [], excludePeers: [] } });
    for (const one of [bob, carl]) await one.main.change({ _: 'messages.sendMessage', peer: one.main.inputPeer(group), message: `${one.name} is here`, randomId: randomLong() });
    await page.getByRole('tab', { name: /^Friends/ }).waitFor();
    await page.getByRole('link', { name: 'Archive' }).waitFor();
    await inspector.look('chats');
    await page.getByRole('button', { name: 'Menu' }).click();
    await inspector.look('menu');
    await page.keyboard.press('Escape');
    await page.getByRole('searchbox', { name: 'Search', exact: true }).fill('car');
    await page.getByRole('list', { name: 'Search results' }).getByRole('link').first().waitFor();
    await inspector.look('search');
    await page.keyboard.press('Escape');

    await ann.open(bob);
    await ann.message('the lake').getByRole('img', { name: 'Photo' }).waitFor();
    await ann.send('so many');
    await ann.message('so many').getByRole('img', { name: 'Sent' }).waitFor();
    await ann.openMenu('so many');
    await page.getByRole('button', { name: 'More reactions' }).click();
    await page.getByRole('searchbox', { name: 'Search reactions' }).waitFor();
    await inspector.look('reactions');
    await page.getByRole('group', { name: 'Reactions to choose' }).getByRole('button', { name: '🔥', exact: true }).click();
    await inspector.look('the newest messages of a chat');
    await ann.message('bold italic').scrollIntoViewIfNeeded();
    await inspector.look('the oldest messages of a chat');
    await ann.message('the lake').focus();
    await page.keyboard.press('Shift+F10');
    await inspector.look('menu of a message');
    await page.getByRole('menuitem', { name: 'Delete' }).click();
    await inspector.look('dialog to delete');
    await page.keyboard.press('Escape');
    await ann.choose('so many', 'Forward');
    await ann.dialog('Forward to').getByRole('checkbox', { name: 'Friends' }).check();
    await inspector.look('dialog to forward');
    await page.keyboard.press('Escape');
    await ann.choose('the lake', 'Reply');
    await page.getByRole('button', { name: 'Emoji', exact: true }).click();
    await page.getByRole('region', { name: 'Emoji, stickers and GIFs' }).getByRole('gridcell').first().waitFor();
    await inspector.look('reply, and emoji');
    await page.getByRole('searchbox', { name: 'Search emoji' }).fill('nothing of this name');
    await page.getByText('Nothing found').waitFor();
    await inspector.look('no emoji found');
    // Escape closes what lies on top, and the reply stays.
    await page.getByRole('button', { name: 'Emoji', exact: true }).focus();
    await page.keyboard.press('Escape');
    await page.getByRole('region', { name: 'Emoji, stickers and GIFs' }).waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Cancel reply' }).click();
    await ann.choose('so many', 'Select');
    await inspector.look('selection');
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Search in chat' }).click();
    await page.getByRole('searchbox', { name: 'Search in chat' }).fill('lake');
    await page.getByText('1 of 1').waitFor();
    await inspector.look('search in a chat');
    await page.keyboard.press('Escape');
    await page.getByLabel('Photo or video', { exact: true }).setInputFiles({ name: 'view.jpg', mimeType: 'image/jpeg', buffer: await makeJpeg(400, 300) });
    await ann.dialog('Send files').getByRole('listitem', { name: 'view.jpg' }).waitFor();
    await inspector.look('dialog to send files');
    await ann.dialog('Send files').getByRole('button', { name: 'Cancel' }).click();
    await ann.message('the lake').getByRole('img', { name: 'Photo' }).click();
    await ann.dialog('Media viewer').getByRole('img', { name: 'Photo' }).waitFor();
    await inspector.look('media viewer');
    await page.keyboard.press('Escape');
    for (const [where, id] of [['person', bob.id], ['group', group]] as const) {
      await ann.go(`chat/${id}/info`);
      await page.getByRole('complementary', { name: 'Info' }).getByRole('tab').first().waitFor();
      await inspector.look(`about a ${where}`);
    }
    await page.getByRole('button', { name: 'Edit', exact: true }).click();
    await ann.managed('Edit group').getByRole('textbox', { name: 'Group name' }).waitFor();
    await inspector.look('page to edit a group');
    const club = await makeClub(ann.actor, bob);
    for (const place of ['type', 'links', 'links/new', 'requests', 'admins', `admins/${bob.id}`, 'permissions', `permissions/${bob.id}`, 'reactions', 'removed', 'log']) {
      await ann.go(`chat/${club}/info/${place}`);
      await page.getByRole('complementary').locator('[aria-busy="false"] .info-card').first().waitFor();
      await inspector.look(`managing a group: ${place}`);
    }
    await ann.open(group);
    await ann.message('Carl is here').waitFor();
    await inspector.look('group');
    const dora = await stage.world.user('Dora');
    await carl.meet(dora);
    await carl.main.invite({ _: 'messages.addChatUser', chatId: -group, userId: carl.main.inputUser(dora.id), fwdLimit: 0 });
    await ann.messages.getByText('Carl added Dora').waitFor();
    await ann.open(dora);
    await page.getByRole('region', { name: 'About Dora' }).getByText('Friends').waitFor();
    await inspector.look('empty chat with a stranger');
    const pattern = (): Promise<string> => page.evaluate(`getComputedStyle(document.querySelector('.history'), '::before').display`);
    expect(await pattern()).toBe('block');
    for (const media of [{ media: 'print' }, { media: 'screen', forcedColors: 'active' }] as const) {
      await page.emulateMedia(media);
      expect(await pattern()).toBe('none');
    }
    await page.emulateMedia({ forcedColors: 'none' });

    for (const [place, above] of PLACES) {
      await ann.go(place);
      await page.getByRole('heading', { level: 1 }).last().waitFor();
      await inspector.look(place);
      await page.setViewportSize(SIZES.phone);
      await page.getByRole('link', { name: 'Back' }).last().click();
      await expect.poll(() => new URL(page.url()).hash, { message: place }).toBe(`#/${above}`);
    }
    await page.setViewportSize(SIZES.desk);
    await ann.go('settings/privacy/password');
    await page.getByRole('button', { name: 'Set password' }).click();
    await inspector.look('dialog for a password');
    await page.keyboard.press('Escape');
    await ann.go('');
    expect(inspector.faults).toEqual([]);
    await ann.sameAfterReload();
  });

  test('channels, threads and forums can be seen, read and used by everybody', { timeout: 240_000 }, async () => {
    const ann = await stage.person('Ann');
    const { page } = ann;
    const bob = await stage.world.user('Bob');
    await ann.actor.meet(bob);
    const inspector = new Inspector(ann);
    onTestFailed(() => console.log(inspector.faults.join('\n')));
    const { channel, forum, post, topic, link } = await makeBroadcast(ann.actor, bob);
    await ann.go(`chat/${channel}`);
    await ann.message('what the paper says').waitFor();
    await inspector.look('channel');
    await ann.go(`thread/${channel}/${post}`);
    await page.getByRole('textbox', { name: 'Message' }).waitFor();
    await inspector.look('comments on a post');
    await ann.go(`chat/${forum}`);
    await page.getByRole('list', { name: 'Topics' }).getByRole('link').first().waitFor();
    await inspector.look('forum');
    await ann.go(`chat/${forum}/topic/${topic}`);
    await page.getByRole('main').getByRole('heading', { level: 1 }).waitFor();
    await inspector.look('topic');
    await ann.go(`chat/${channel}/tag/boats`);
    await page.getByRole('list', { name: 'Search results' }).getByRole('link').first().waitFor();
    await inspector.look('messages with a hashtag');
    const places = [[channel, ['edit', 'type', 'discussion', 'admins', 'log']], [forum, ['edit', `links/${link}`, `links/by/${bob.id}`, `admins/${bob.id}`, 'links']]] as const;
    for (const [peer, names] of places) {
      for (const name of names) {
        await ann.go(`chat/${peer}/info/${name}`);
        await page.getByRole('complementary').locator('[aria-busy="false"] .info-card').first().waitFor();
        await inspector.look(`managing: ${name}`);
      }
    }
    await ann.go('addstickers/no-set-of-this-name');
    await inspector.look('link that leads nowhere');
    expect(inspector.faults).toEqual([]);
  });

  test('keyboards of bots can be seen, read and used by everybody', async () => {
    const ann = await stage.person('Ann');
    await using bot = await startBot(stage, 'Screen_bot');
    const inspector = new Inspector(ann);
    onTestFailed(() => console.log(inspector.faults.join('\n')));
    await ann.go('link/Screen_bot');
    await ann.page.getByRole('button', { name: 'Start', exact: true }).waitFor();
    await inspector.look('bot that was not started');
    await ann.page.getByRole('button', { name: 'Start', exact: true }).click();
    await bot.sees('/start');
    const say = (message: string, replyMarkup: tl.TypeReplyMarkup): Promise<tl.TypeUpdates> => bot.call({ _: 'messages.sendMessage', peer: bot.peerOf(ann.actor), message, replyMarkup, randomId: randomLong() });
    const styles = [undefined, { bgPrimary: true }, { bgDanger: true }, { bgSuccess: true }].map((style) => style && ({ _: 'keyboardButtonStyle', ...style }) as const);
    const texts = ['plain', 'primary', 'danger', 'success with a text that is much longer than its button'];
    await say('buttons', inline(...texts.map((text, at) => ({ ...press(text), style: styles[at] })), { _: 'keyboardButtonUrl', text: 'link', url: 'https://example.org/' }));
    await say('keys', { _: 'replyKeyboardMarkup', rows: texts.map((text, at) => ({ _: 'keyboardButtonRow', buttons: [{ _: 'keyboardButton', text, style: styles[at] }, { _: 'keyboardButtonRequestPhone', text: 'number' }] })) });
    await ann.page.getByRole('group', { name: 'Keyboard of the bot' }).waitFor();
    await inspector.look('buttons and keys of a bot');
    await ann.message('buttons').getByRole('button', { name: 'plain' }).click();
    await inspector.look('pressed button');
    await bot.call({ _: 'messages.setBotCallbackAnswer', queryId: (await seesPress(bot, 'plain')).queryId, message: 'an alert', alert: true, cacheTime: 0 });
    await ann.dialog('Screen_bot says').waitFor();
    await inspector.look('answer of a bot');
    expect(inspector.faults).toEqual([]);
  });
});
