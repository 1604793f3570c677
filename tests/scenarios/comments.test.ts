import { type Actor, verifyUpdates } from '@aerogram/dev-env';
import { Long, type tl } from '@mtcute/node';
import { randomLong } from '@mtcute/node/utils.js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createChannel, inviteTo, postIn } from './channel-stage.ts';
import { people } from './group-stage.ts';
import { type Scenario, startScenario } from './scenario.ts';

let scenario: Scenario;
beforeAll(async () => {
  scenario = await startScenario({});
});
afterAll(() => scenario?.[Symbol.asyncDispose]());

const NONE: tl.RawInputChannelEmpty = { _: 'inputChannelEmpty' };
const WINDOW = { offsetId: 0, offsetDate: 0, addOffset: 0, limit: 20, maxId: 0, minId: 0, hash: Long.ZERO };
const plainId = (id: number): number => -1_000_000_000_000 - id;

interface Stage {
  alice: Actor;
  bob: Actor;
  carol: Actor;
  /** Alice's channel and her group, by their marked ids. Bob and Carol are in both. */
  news: number;
  talk: number;
}

async function stage(): Promise<Stage> {
  const [alice, bob, carol] = (await people(scenario, 'Alice', 'Bob', 'Carol')) as [Actor, Actor, Actor];
  const [news, talk] = [await createChannel(alice, 'broadcast', 'News'), await createChannel(alice, 'megagroup', 'Talk')];
  for (const id of [news, talk]) await inviteTo(alice, id, [bob, carol]);
  return { alice, bob, carol, news, talk };
}

const link = ({ main }: Actor, broadcast: number | undefined, group: number | undefined): Promise<boolean> =>
  main.call({ _: 'channels.setDiscussionGroup', broadcast: broadcast === undefined ? NONE : main.inputChannel(broadcast), group: group === undefined ? NONE : main.inputChannel(group) });

/** What a channel or group says of its link: in its full form, and in the short one. */
async function linkOf({ main }: Actor, id: number): Promise<[number | undefined, true | undefined]> {
  const { fullChat, chats } = await main.call({ _: 'channels.getFullChannel', channel: main.inputChannel(id) });
  const linkedId = (fullChat as tl.RawChannelFull).linkedChatId;
  if (linkedId !== undefined) expect(chats.map((chat) => chat.id)).toContain(linkedId);
  return [linkedId, (chats.find((chat) => chat.id === plainId(id)) as tl.RawChannel).hasLink || undefined];
}

/** Waits until a member of a group has a message with a text there. @returns its id */
async function seesIn({ main }: Actor, id: number, text: string): Promise<number> {
  const find = (): number | undefined => main.state.channels.find(id)?.box.list((message) => message.text === text)[0]?.id;
  await main.waitUntil(`"${text}" in the group`, () => find() !== undefined);
  return find()!;
}

async function commentOn({ main }: Actor, group: number, message: string, replyToMsgId: number): Promise<number> {
  const { updates } = (await main.change({ _: 'messages.sendMessage', peer: main.inputPeer(group), message, replyTo: { _: 'inputReplyToMessage', replyToMsgId }, randomId: randomLong() })) as tl.RawUpdates;
  return (updates.find((update) => update._ === 'updateMessageID') as tl.RawUpdateMessageID).id;
}

const open = ({ main }: Actor, id: number, msgId: number): Promise<tl.messages.RawDiscussionMessage> => main.call({ _: 'messages.getDiscussionMessage', peer: main.inputPeer(id), msgId });

const viewsOf = ({ main }: Actor, id: number, msgId: number): Promise<tl.messages.RawMessageViews> => main.call({ _: 'messages.getMessagesViews', peer: main.inputPeer(id), id: [msgId], increment: false });

describe('the discussion group of a channel', () => {
  test('is chosen among the groups of the admin, and named on both sides until one of them ends the link', async () => {
    const { alice, bob, news, talk } = await stage();
    const { chats } = await alice.main.call({ _: 'channels.getGroupsForDiscussion' });
    expect(chats.map((chat) => chat.id)).toContain(plainId(talk));
    expect((await bob.main.call({ _: 'channels.getGroupsForDiscussion' })).chats.map((chat) => chat.id)).not.toContain(plainId(talk));
    expect(await link(alice, news, talk)).toBe(true);
    for (const actor of [alice, bob]) {
      expect(await linkOf(actor, news)).toEqual([plainId(talk), true]);
      expect(await linkOf(actor, talk)).toEqual([plainId(news), true]);
    }
    await expect(link(alice, news, talk)).rejects.toThrow('LINK_NOT_MODIFIED');
    await expect(link(alice, undefined, undefined)).rejects.toThrow('CHANNEL_INVALID');
    await expect(link(bob, news, undefined)).rejects.toThrow('CHAT_ADMIN_REQUIRED');
    expect(await link(alice, undefined, talk)).toBe(true);
    expect(await linkOf(alice, news)).toEqual([undefined, undefined]);
    expect(await linkOf(alice, talk)).toEqual([undefined, undefined]);
    await link(alice, news, talk);
    await link(alice, news, undefined);
    expect(await linkOf(bob, talk)).toEqual([undefined, undefined]);
    const { events } = await alice.main.call({ _: 'channels.getAdminLog', channel: alice.main.inputChannel(talk), q: '', maxId: Long.ZERO, minId: Long.ZERO, limit: 10 });
    expect(events.filter(({ action }) => action._ === 'channelAdminLogEventActionChangeLinkedChat')).toHaveLength(4);
  });
});

describe('a post of a channel with a discussion group', () => {
  test('is copied there, takes comments, and shows how many there are and by whom', async () => {
    const { alice, bob, carol, news, talk } = await stage();
    await link(alice, news, talk);
    await verifyUpdates([alice, bob, carol], async () => {
      const answer = (await alice.main.change({ _: 'messages.sendMessage', peer: alice.main.inputPeer(news), message: 'great news', randomId: randomLong() })) as tl.RawUpdates;
      const post = (answer.updates.find((update) => update._ === 'updateNewChannelMessage') as tl.RawUpdateNewChannelMessage).message as tl.RawMessage;
      expect(post.replies).toMatchObject({ comments: true, replies: 0, channelId: plainId(talk) });
      const root = await seesIn(bob, talk, 'great news');
      expect(await seesIn(carol, talk, 'great news')).toBe(root);
      const isPost = ({ message }: tl.RawUpdateNewChannelMessage): boolean => message._ === 'message' && message.post === true;
      expect(await bob.main.seesUpdate('updateNewChannelMessage', isPost)).toMatchObject({ message: { id: post.id, replies: { comments: true, replies: 0, channelId: plainId(talk) } } });
      const copy = bob.main.state.channels.find(talk)!.box.list(({ id }) => id === root)[0]!;
      expect(copy).toMatchObject({ from: news, pinned: true, raw: { fwd_from: { channel_post: post.id, saved_from_msg_id: post.id } } });
      const first = await commentOn(bob, talk, 'indeed', root);
      const second = await commentOn(carol, talk, 'really?', first);
      const opened = await open(alice, news, post.id);
      expect(opened).toMatchObject({ messages: [{ id: root, replies: { replies: 2 } }], maxId: second, unreadCount: 2 });
      expect(opened.chats.map((chat) => chat.id)).toEqual(expect.arrayContaining([plainId(news), plainId(talk)]));
      const { link: place } = await bob.main.call({ _: 'channels.exportMessageLink', channel: bob.main.inputChannel(talk), id: first, thread: true });
      expect(place).toBe(`https://t.me/c/${plainId(news)}/${post.id}?comment=${first}`);
      const page = (await alice.main.call({ _: 'messages.getReplies', peer: alice.main.inputPeer(news), msgId: post.id, ...WINDOW })) as tl.messages.RawChannelMessages;
      expect([page.messages.map(({ id }) => id), page.count]).toEqual([[second, first], 2]);
      expect(page.chats.map((chat) => chat.id)).toEqual(expect.arrayContaining([plainId(news), plainId(talk)]));
      await alice.main.call({ _: 'messages.readDiscussion', peer: alice.main.inputPeer(news), msgId: post.id, readMaxId: first });
      expect(await open(alice, news, post.id)).toMatchObject({ readInboxMaxId: first, unreadCount: 1 });
      await expect.poll(async () => (await viewsOf(alice, news, post.id)).views[0]!.replies, { timeout: 20_000 }).toMatchObject({ replies: 2, maxId: second, readMaxId: first });
      const { views, users, chats } = await viewsOf(alice, news, post.id);
      expect(views[0]!.replies!.recentRepliers).toEqual([carol, bob].map(({ id }) => ({ _: 'peerUser', userId: id })));
      expect(users.map(({ id }) => id)).toEqual(expect.arrayContaining([bob.id, carol.id]));
      expect(chats.map(({ id }) => id)).toEqual([plainId(talk)]);
      await alice.main.change({ _: 'messages.editMessage', peer: alice.main.inputPeer(news), id: post.id, message: 'greater news' });
      expect(await seesIn(bob, talk, 'greater news')).toBe(root);
      await alice.main.change({ _: 'channels.deleteMessages', channel: alice.main.inputChannel(news), id: [post.id] });
      await bob.seesGone('greater news');
    });
  });

  test('cannot be commented on without a discussion group, nor after the link has ended', async () => {
    const { alice, bob, news, talk } = await stage();
    const before = await postIn(alice, news, 'without a group');
    await expect(open(alice, news, before)).rejects.toThrow('MSG_ID_INVALID');
    expect((await viewsOf(alice, news, before)).views[0]!.replies).toBeUndefined();
    await link(alice, news, talk);
    const post = await postIn(alice, news, 'with a group');
    const root = await seesIn(bob, talk, 'with a group');
    expect((await open(bob, news, post)).messages.map(({ id }) => id)).toEqual([root]);
    await link(alice, news, undefined);
    await expect(open(bob, news, post)).rejects.toThrow('MSG_ID_INVALID');
    expect((await viewsOf(bob, news, post)).views[0]!.replies).toBeUndefined();
    // In the group it stays a message like others.
    expect((await open(bob, talk, root)).messages.map(({ id }) => id)).toEqual([root]);
  });
});
