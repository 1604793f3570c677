import { Long, type tl } from '@mtcute/node';
import { randomLong } from '@mtcute/node/utils.js';
import { type Actor, verifyUpdates } from '@aerogram/dev-env';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { channelStage } from './channel-stage.ts';
import { type Scenario, startScenario } from './scenario.ts';

let scenario: Scenario;
let emoji: tl.Long[];
beforeAll(async () => {
  scenario = await startScenario();
  const asker = await scenario.world.user('Asker');
  const set = await asker.main.call({ _: 'messages.getStickerSet', stickerset: { _: 'inputStickerSetEmojiDefaultStatuses' }, hash: 0 });
  if (set._ === 'messages.stickerSetNotModified') throw new Error('the set was not sent');
  emoji = set.documents.map(({ id }) => id);
});
afterAll(() => scenario?.[Symbol.asyncDispose]());

/** A person as another one sees them now. */
async function lookAt(viewer: Actor, person: Actor): Promise<tl.RawUser> {
  const [user] = await viewer.main.call({ _: 'users.getUsers', id: [viewer === person ? { _: 'inputUserSelf' } : viewer.main.inputUser(person.id)] });
  return user as tl.RawUser;
}

const setStatus = (actor: Actor, status: tl.TypeEmojiStatus) => actor.main.change({ _: 'account.updateEmojiStatus', emojiStatus: status });
const fails = async (actor: Actor, request: Parameters<Actor['main']['fails']>[0]): Promise<string> => (await actor.main.fails(request)).text;

test('a status stands beside the name until it is over; others see it at once, and those who are blocked do not', async () => {
  const [alice, bob, carol] = [await scenario.world.user('Alice'), await scenario.world.user('Bob'), await scenario.world.user('Carol')];
  for (const viewer of [bob, carol]) await viewer.meet(alice);
  await alice.device();
  await alice.meet(carol);
  await alice.main.call({ _: 'contacts.block', id: alice.main.inputPeer(carol.id) });
  const status: tl.TypeEmojiStatus = { _: 'emojiStatus', documentId: emoji[0]! };
  await verifyUpdates([alice, bob], async () => {
    await setStatus(alice, status);
    await bob.main.seesUpdate('updateUserEmojiStatus');
  });
  expect(await lookAt(bob, alice)).toMatchObject({ emojiStatus: { documentId: emoji[0] }, premium: true });
  const hidden = await lookAt(carol, alice);
  expect([hidden.emojiStatus, hidden.premium]).toEqual([undefined, false]);

  const now = Math.floor(Date.now() / 1000);
  expect(await fails(alice, { _: 'account.updateEmojiStatus', emojiStatus: { ...status, until: now - 5 } })).toBe('DOCUMENT_INVALID');
  expect(await fails(alice, { _: 'account.updateEmojiStatus', emojiStatus: { _: 'emojiStatus', documentId: Long.fromInt(5) } })).toBe('DOCUMENT_INVALID');
  expect(await fails(alice, { _: 'account.updateEmojiStatus', emojiStatus: { _: 'inputEmojiStatusCollectible', collectibleId: Long.ONE } })).toBe('COLLECTIBLE_INVALID');
  await setStatus(alice, { _: 'emojiStatus', documentId: emoji[1]!, until: now + 1000 });
  expect((await lookAt(bob, alice)).emojiStatus).toMatchObject({ documentId: emoji[1], until: now + 1000 });
  await setStatus(alice, { _: 'emojiStatusEmpty' });
  expect((await lookAt(bob, alice)).emojiStatus).toBeUndefined();
});

test('the statuses that somebody has had are listed, the newest first and each once, and can be forgotten', async () => {
  const alice = await scenario.world.user('Alice');
  const recent = async () => alice.main.call({ _: 'account.getRecentEmojiStatuses', hash: Long.ZERO });
  for (const at of [0, 1, 2, 0]) await setStatus(alice, { _: 'emojiStatus', documentId: emoji[at]! });
  const listed = (await recent()) as tl.account.RawEmojiStatuses;
  expect(listed.statuses.map((status) => 'documentId' in status && String(status.documentId))).toEqual([emoji[0], emoji[2], emoji[1]].map(String));
  expect(await alice.main.call({ _: 'account.getRecentEmojiStatuses', hash: listed.hash })).toEqual({ _: 'account.emojiStatusesNotModified' });
  await alice.main.change({ _: 'account.clearRecentEmojiStatuses' });
  expect(await recent()).toMatchObject({ statuses: [] });
});

test('a channel has one as well, which admins with the right to its info set, and which its log says', async () => {
  const { id, alice, bob } = await channelStage(scenario, 'broadcast');
  const channel = (actor: Actor) => actor.main.inputChannel(id);
  const emojiStatus: tl.TypeEmojiStatus = { _: 'emojiStatus', documentId: emoji[0]! };
  expect(await fails(bob, { _: 'channels.updateEmojiStatus', channel: channel(bob), emojiStatus })).toBe('CHAT_ADMIN_REQUIRED');
  await verifyUpdates([alice, bob], () => alice.main.change({ _: 'channels.updateEmojiStatus', channel: channel(alice), emojiStatus }));
  expect(await fails(alice, { _: 'channels.updateEmojiStatus', channel: channel(alice), emojiStatus })).toBe('CHAT_NOT_MODIFIED');
  const { chats } = (await bob.main.call({ _: 'channels.getChannels', id: [channel(bob)] })) as tl.messages.RawChats;
  expect(chats[0]).toMatchObject({ emojiStatus: { documentId: emoji[0] } });
  const log = await alice.main.call({ _: 'channels.getAdminLog', channel: channel(alice), q: '', maxId: Long.ZERO, minId: Long.ZERO, limit: 5 });
  expect(log.events[0]!.action).toMatchObject({ _: 'channelAdminLogEventActionChangeEmojiStatus', prevValue: { _: 'emojiStatusEmpty' }, newValue: { documentId: emoji[0] } });
});

test('colours of a name and of a channel have a custom emoji behind them', async () => {
  const { id, alice, bob } = await channelStage(scenario, 'broadcast');
  const channel = alice.main.inputChannel(id);
  await bob.meet(alice);
  await verifyUpdates([alice, bob], async () => {
    await alice.main.change({ _: 'account.updateColor', color: { _: 'peerColor', color: 3, backgroundEmojiId: emoji[0]! } });
    await alice.main.change({ _: 'channels.updateColor', channel, forProfile: true, color: 2, backgroundEmojiId: emoji[1]! });
  });
  expect(await lookAt(bob, alice)).toMatchObject({ color: { color: 3, backgroundEmojiId: emoji[0] } });
  const { chats } = (await bob.main.call({ _: 'channels.getChannels', id: [bob.main.inputChannel(id)] })) as tl.messages.RawChats;
  expect(chats[0]).toMatchObject({ profileColor: { color: 2, backgroundEmojiId: emoji[1] } });
  const log = await alice.main.call({ _: 'channels.getAdminLog', channel, q: '', maxId: Long.ZERO, minId: Long.ZERO, limit: 5 });
  expect(log.events[0]!.action).toMatchObject({ _: 'channelAdminLogEventActionChangeProfilePeerColor', newValue: { color: 2, backgroundEmojiId: emoji[1] } });
  expect(await fails(alice, { _: 'account.updateColor', color: { _: 'peerColor', color: 3, backgroundEmojiId: Long.fromInt(5) } })).toBe('DOCUMENT_INVALID');
});

test('a topic has a custom emoji as its icon, which can be changed and taken away', async () => {
  const { id, alice, bob } = await channelStage(scenario);
  await alice.main.change({ _: 'channels.toggleForum', channel: alice.main.inputChannel(id), enabled: true, tabs: false });
  const peer = alice.main.inputPeer(id);
  const iconOf = async (viewer: Actor): Promise<tl.Long | undefined> => {
    const { topics } = await viewer.main.call({ _: 'messages.getForumTopics', peer: viewer.main.inputPeer(id), offsetDate: 0, offsetId: 0, offsetTopic: 0, limit: 10 });
    return (topics.find((topic) => topic._ === 'forumTopic' && topic.title === 'Tea') as tl.RawForumTopic).iconEmojiId;
  };
  await verifyUpdates([alice, bob], () => alice.main.change({ _: 'messages.createForumTopic', peer, title: 'Tea', iconEmojiId: emoji[0]!, randomId: randomLong() }));
  expect(await iconOf(bob)).toEqual(emoji[0]);
  const { topics } = await alice.main.call({ _: 'messages.getForumTopics', peer, offsetDate: 0, offsetId: 0, offsetTopic: 0, limit: 10 });
  const topicId = topics.find((topic) => topic._ === 'forumTopic' && topic.title === 'Tea')!.id;
  await verifyUpdates([alice, bob], () => alice.main.change({ _: 'messages.editForumTopic', peer, topicId, iconEmojiId: emoji[1]! }));
  expect(await iconOf(bob)).toEqual(emoji[1]);
  await alice.main.change({ _: 'messages.editForumTopic', peer, topicId, iconEmojiId: Long.ZERO });
  expect(await iconOf(bob)).toBeUndefined();
  expect(await fails(alice, { _: 'messages.editForumTopic', peer, topicId, iconEmojiId: Long.fromInt(5) })).toBe('DOCUMENT_INVALID');
});

test('a custom emoji that ships with the server is kept in a text and a draft, and comes with the document that draws it', async () => {
  const [alice, bob] = [await scenario.world.user('Alice'), await scenario.world.user('Bob')];
  await alice.meet(bob);
  const peer = alice.main.inputPeer(bob.id);
  const entities: tl.TypeMessageEntity[] = [{ _: 'messageEntityCustomEmoji', offset: 3, length: 2, documentId: emoji[0]! }];
  await verifyUpdates([alice, bob], async () => {
    await alice.main.change({ _: 'messages.sendMessage', peer, message: 'so 😀', entities, randomId: randomLong() });
    await bob.sees('so 😀');
    await alice.main.change({ _: 'messages.saveDraft', peer, message: 'so 😀', entities });
  });
  expect(bob.main.find('so 😀')!.entities).toContain('messageEntityCustomEmoji');
  const [document] = await bob.main.call({ _: 'messages.getCustomEmojiDocuments', documentId: [emoji[0]!] });
  expect(document).toMatchObject({ _: 'document', id: emoji[0], mimeType: 'application/x-tgsticker' });
});
