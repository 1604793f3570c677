import { Long, type tl } from '@mtcute/node';
import { randomLong } from '@mtcute/node/utils.js';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { findSentId, settle, verifyUpdates, type Actor, type Device } from '@aerogram/dev-env';
import { createGroup, leave, write } from './group-stage.ts';
import { type PageSite, startPageSite } from './page-site.ts';
import { startScenario, type Scenario } from './scenario.ts';

let scenario: Scenario;
let site: PageSite;
let base = '';
beforeAll(async () => {
  site = await startPageSite();
  base = site.base;
  scenario = await startScenario({ env: site.env });
});
afterAll(async () => {
  await scenario?.[Symbol.asyncDispose]();
  await site?.[Symbol.asyncDispose]();
});

async function pair(): Promise<[Actor, Actor]> {
  const [alice, bob] = [await scenario.world.user('Alice'), await scenario.world.user('Bob')];
  await alice.meet(bob);
  await bob.meet(alice);
  return [alice, bob];
}

async function send(from: Actor, to: Actor, message: string, more: Partial<tl.messages.RawSendMessageRequest> = {}): Promise<number> {
  const peer = from.main.inputPeer(to.id);
  return findSentId(await from.main.change({ _: 'messages.sendMessage', peer, message, randomId: randomLong(), ...more }));
}

/** The page of a message in a device's own state. */
function pageIn(device: Device, text: string): tl.TypeWebPage | undefined {
  const media = device.find(text)?.media ?? '';
  return media === '' ? undefined : (JSON.parse(media) as tl.RawMessageMediaWebPage).webpage;
}

const sees = (device: Device, text: string, title: string): Promise<void> =>
  device.waitUntil(`the page of "${text}"`, () => {
    const page = pageIn(device, text);
    return page?._ === 'webPage' && page.title === title;
  });

async function mediaOf(actor: Actor, id: number): Promise<tl.TypeMessageMedia | undefined> {
  const found = await actor.main.call({ _: 'messages.getMessages', id: [{ _: 'inputMessageID', id }] });
  const [message] = found._ === 'messages.messagesNotModified' ? [] : found.messages;
  return message?._ === 'message' ? message.media : undefined;
}

test('a preview appears when the page was read, on all devices and in both boxes', async () => {
  const [alice, bob] = await pair();
  const tablet = await alice.device();
  await verifyUpdates([alice, bob], async () => {
    const text = `look at ${base}/slow-a, and ${base}/other`;
    const id = await send(alice, bob, text);
    expect(await mediaOf(alice, id)).toMatchObject({ _: 'messageMediaWebPage', webpage: { _: 'webPagePending', url: `${base}/slow-a` } });
    await bob.sees(text);
    await site.release('/slow-a');
    for (const device of [alice.main, tablet, bob.main]) await sees(device, text, 'Page /slow-a');
    expect(await mediaOf(alice, id)).toMatchObject({
      webpage: { _: 'webPage', url: `${base}/slow-a`, displayUrl: `${new URL(base).host}/slow-a`, siteName: 'Site', description: 'Описание 你好', type: 'article' },
    });
  });
  expect(site.asked.get('/other')).toBeUndefined();
});

test('the preview of a known page is there at once in the next message, also forwarded, scheduled and edited', async () => {
  const [alice, bob] = await pair();
  await verifyUpdates([alice, bob], async () => {
    await send(alice, bob, `first ${base}/known`);
    await sees(bob.main, `first ${base}/known`, 'Page /known');
    await sees(alice.main, `first ${base}/known`, 'Page /known');
    const second = await send(alice, bob, `second ${base}/known`);
    expect(await mediaOf(alice, second)).toMatchObject({ webpage: { _: 'webPage', title: 'Page /known' } });
    expect(site.asked.get('/known')).toBe(1);
    await bob.sees(`second ${base}/known`);

    const peer = alice.main.inputPeer(bob.id);
    const edit = (message: string, more: Partial<tl.messages.RawEditMessageRequest> = {}): Promise<tl.TypeUpdates> =>
      alice.main.change({ _: 'messages.editMessage', peer, id: second, message, ...more });
    expect((await alice.main.fails({ _: 'messages.editMessage', peer, id: second, message: `second ${base}/known` })).text).toBe('MESSAGE_NOT_MODIFIED');
    await edit(`second ${base}/known`, { noWebpage: true });
    expect(await mediaOf(alice, second)).toBeUndefined();
    await edit('no link', { invertMedia: true });
    await edit(`now ${base}/edited`);
    for (const device of [alice.main, bob.main]) await sees(device, `now ${base}/edited`, 'Page /edited');
    await edit(`now ${base}/edited`, { media: { _: 'inputMediaWebPage', url: `${base}/known`, forceSmallMedia: true } });
    expect(await mediaOf(alice, second)).toMatchObject({ forceSmallMedia: true, manual: true, webpage: { title: 'Page /known' } });

    const sendLater = async (message: string): Promise<void> => {
      const scheduled = await alice.main.change({ _: 'messages.sendMessage', peer, message, randomId: randomLong(), scheduleDate: Math.floor(Date.now() / 1000) + 3600 });
      const waiting = scheduled._ === 'updates' ? scheduled.updates.find((update) => update._ === 'updateNewScheduledMessage') : undefined;
      await alice.main.change({ _: 'messages.sendScheduledMessages', peer, id: [waiting!.message.id] });
    };
    await sendLater(`later ${base}/known`);
    expect(pageIn(alice.main, `later ${base}/known`)).toMatchObject({ title: 'Page /known' });
    // A page that is not known is read when the message is sent.
    await sendLater(`later ${base}/late`);
    for (const device of [alice.main, bob.main]) await sees(device, `later ${base}/late`, 'Page /late');
    await alice.forward([alice.main.find(`later ${base}/known`)!], alice);
  });
  expect(site.asked.get('/known')).toBe(1);
});

test('no preview if it is disabled, if the page has none, or if the address is not allowed', async () => {
  const [alice, bob] = await pair();
  await verifyUpdates([alice, bob], async () => {
    expect(await mediaOf(alice, await send(alice, bob, `${base}/unwanted`, { noWebpage: true }))).toBeUndefined();
    for (const text of [`${base}/missing`, `${base}/inside`, 'http://127.0.0.1:1/closed']) {
      await send(alice, bob, text);
      for (const device of [alice.main, bob.main]) await device.waitUntil(`no page of ${text}`, () => device.find(text) !== undefined && pageIn(device, text) === undefined);
    }
    const known = await send(alice, bob, `${base}/missing`);
    expect(await mediaOf(alice, known)).toBeUndefined();
  });
  expect(site.asked.get('/unwanted')).toBeUndefined();
  expect(site.asked.get('/missing')).toBe(1);
});

test('a page that is not in the text can be chosen, and previewed before sending', async () => {
  const [alice, bob] = await pair();
  const message = `write about ${base}/chosen`;
  const first = await alice.main.call({ _: 'messages.getWebPagePreview', message });
  expect(first.media).toMatchObject({ _: 'messageMediaWebPage', webpage: { _: 'webPagePending' } });
  const read = await alice.main.seesUpdate('updateWebPage', (update) => update.webpage._ === 'webPage' && update.webpage.url === `${base}/chosen`);
  await settle(alice.main);
  const { media } = await alice.main.call({ _: 'messages.getWebPagePreview', message });
  expect(media).toMatchObject({ webpage: read.webpage });
  expect((await alice.main.call({ _: 'messages.getWebPagePreview', message: 'no link, e.g. here' })).media._).toBe('messageMediaEmpty');

  const { webpage } = await alice.main.call({ _: 'messages.getWebPage', url: `${base}/chosen`, hash: 0 });
  if (webpage._ !== 'webPage') throw new Error(webpage._);
  expect((await alice.main.call({ _: 'messages.getWebPage', url: `${base}/chosen`, hash: webpage.hash })).webpage._).toBe('webPageNotModified');
  for (const url of ['', 'tg://resolve?domain=x', 'http://a:b@example.org/', 'http://']) {
    expect((await alice.main.fails({ _: 'messages.getWebPage', url, hash: 0 })).text).toBe('WC_CONVERT_URL_INVALID');
  }

  await verifyUpdates([alice, bob], async () => {
    const peer = alice.main.inputPeer(bob.id);
    const page: tl.RawInputMediaWebPage = { _: 'inputMediaWebPage', url: `${base}/chosen`, forceLargeMedia: true };
    const answer = await alice.main.change({ _: 'messages.sendMedia', peer, media: page, message: 'words alone', invertMedia: true, randomId: randomLong() });
    // Rule P13: the short answer is for messages.sendMessage only.
    expect(answer._).toBe('updates');
    const id = findSentId(answer);
    expect(await mediaOf(alice, id)).toMatchObject({ _: 'messageMediaWebPage', forceLargeMedia: true, manual: true, webpage });
    const found = await alice.main.call({ _: 'messages.search', peer, q: '', filter: { _: 'inputMessagesFilterUrl' }, minDate: 0, maxDate: 0, offsetId: 0, addOffset: 0, limit: 10, maxId: 0, minId: 0, hash: Long.ZERO });
    expect(found._ === 'messages.messagesNotModified' ? [] : found.messages).toMatchObject([{ id, invertMedia: true }]);
    await bob.sees('words alone');
  });
});

test('a page that is fetched slowly reaches those who have meanwhile left the group, or were blocked', async () => {
  const [alice, bob] = await pair();
  const carol = await scenario.world.user('Carol');
  const group = await createGroup(alice, [bob, carol]);
  const texts = [`see ${base}/slow/group`, `see ${base}/slow/private`] as const;
  await write(alice, group, texts[0]);
  await send(alice, bob, texts[1]);
  for (const text of texts) await bob.sees(text);
  for (const path of ['/slow/group', '/slow/private']) await site.isAsked(path);
  await verifyUpdates([alice, bob, carol], async () => {
    await leave(bob, group);
    await bob.main.call({ _: 'contacts.block', id: bob.main.inputPeer(alice.id) });
    for (const path of ['/slow/group', '/slow/private']) await site.release(path);
    for (const device of [alice.main, bob.main, carol.main]) await sees(device, texts[0], 'Page /slow/group');
    for (const device of [alice.main, bob.main]) await sees(device, texts[1], 'Page /slow/private');
  });
});

test('members of a group who may not embed links send them without a preview', async () => {
  const [alice, bob] = await pair();
  const group = await createGroup(alice, [bob]);
  await alice.main.change({ _: 'messages.editChatDefaultBannedRights', peer: group.peer, bannedRights: { _: 'chatBannedRights', embedLinks: true, untilDate: 0 } });
  await verifyUpdates([alice, bob], async () => {
    await write(bob, group, `look at ${base}/refused`);
    const { id } = await bob.sees(`look at ${base}/refused`);
    await bob.main.change({ _: 'messages.editMessage', peer: group.peer, id, message: `look again at ${base}/refused` });
    await alice.sees(`look again at ${base}/refused`);
    for (const device of [alice.main, bob.main]) expect(pageIn(device, `look again at ${base}/refused`)).toBeUndefined();
    const media: tl.TypeInputMedia = { _: 'inputMediaWebPage', url: `${base}/refused` };
    const chosen = { peer: group.peer, media, message: 'chosen' };
    expect((await bob.main.fails({ _: 'messages.sendMedia', ...chosen, randomId: randomLong() })).text).toBe('CHAT_SEND_WEBPAGE_FORBIDDEN');
    expect((await bob.main.fails({ _: 'messages.editMessage', ...chosen, id })).text).toBe('CHAT_SEND_WEBPAGE_FORBIDDEN');
    await write(alice, group, `from the creator ${base}/allowed`);
    await sees(bob.main, `from the creator ${base}/allowed`, 'Page /allowed');
  });
  expect(site.asked.get('/allowed')).toBe(1);
});
