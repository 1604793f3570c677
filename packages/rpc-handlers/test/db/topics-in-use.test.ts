import { METHODS, readResult, TlReader, type tl } from '@aerogram/tl';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { createRpcWorld, type RpcWorld } from './rpc-world.ts';

interface Person {
  authKeyId: bigint;
  userId: bigint;
}

const GENERAL = 1;
/** The highest id that a request can name. */
const MAX_INT = 2 ** 31 - 1;

describe('methods limited to one topic or thread', () => {
  let world: RpcWorld;
  let alice: Person;
  let bob: Person;
  let randomId = 1n;
  /** A forum with the topics Cats and Dogs, in which Bob is a member. */
  let forum: Group;
  let cats: number;
  let dogs: number;
  /** A supergroup without topics. */
  let group: Group;
  interface Group {
    channel: tl.inputChannel;
    peer: tl.inputPeerChannel;
    /** The same for Bob. */
    bobsChannel: tl.inputChannel;
    bobs: tl.inputPeerChannel;
  }

  beforeAll(async () => {
    world = await createRpcWorld('topics-in-use');
    alice = await world.signUp('9996610001', 'Alice');
    bob = await world.signUp('9996620002', 'Bob');
    forum = await createGroup();
    group = await createGroup();
    // Written before there are topics: it belongs to General.
    await send(alice, forum, 'old words');
    await call(alice, { _: 'channels.toggleForum', channel: forum.channel, enabled: true, tabs: false });
    cats = await createTopic('Cats');
    dogs = await createTopic('Dogs');
  });
  afterAll(() => world[Symbol.asyncDispose]());

  async function call<T>(who: Person, query: tl.AnyMethod): Promise<T> {
    const { error, body } = await world.call(who.authKeyId, query);
    if (error !== undefined) throw new Error(String(error));
    return readResult(new TlReader(body), METHODS[query._ as keyof typeof METHODS].result) as T;
  }
  async function createGroup(): Promise<Group> {
    const { chats } = await call<tl.updates>(alice, { _: 'channels.createChannel', megagroup: true, title: 'A group', about: '' });
    const { id: channel_id, access_hash = 0n } = chats.find((chat) => chat._ === 'channel')!;
    const channel = { _: 'inputChannel', channel_id, access_hash } as const;
    const invite = await call<tl.chatInviteExported>(alice, { _: 'messages.exportChatInvite', peer: { ...channel, _: 'inputPeerChannel' } });
    const joined = await call<tl.messages.chatInviteJoinResultOk>(bob, { _: 'messages.importChatInvite', hash: invite.link.split('+')[1]! });
    const bobsHash = (joined.updates as tl.updates).chats.find((chat) => chat._ === 'channel')!.access_hash!;
    return { channel, peer: { ...channel, _: 'inputPeerChannel' }, bobsChannel: { ...channel, access_hash: bobsHash }, bobs: { _: 'inputPeerChannel', channel_id, access_hash: bobsHash } };
  }
  const createTopic = async (title: string): Promise<number> => idOf(await call(alice, { _: 'messages.createForumTopic', peer: forum.peer, title, random_id: ++randomId }));
  function idOf({ updates }: tl.updates): number {
    const name = updates.find((update) => update._ === 'updateMessageID');
    return name!.id;
  }
  const peerFor = (who: Person, { peer, bobs }: Group): tl.inputPeerChannel => (who === alice ? peer : bobs);
  const replyTo = (msgId: number, topicId?: number): tl.inputReplyToMessage => ({ _: 'inputReplyToMessage', reply_to_msg_id: msgId, top_msg_id: topicId });
  async function sendFull(who: Person, place: Group, message: string, more: Partial<tl.messages.sendMessage> = {}): Promise<tl.message> {
    const { updates } = await call<tl.updates>(who, { _: 'messages.sendMessage', peer: peerFor(who, place), message, random_id: ++randomId, ...more });
    const update = updates.find((one) => one._ === 'updateNewChannelMessage' || one._ === 'updateNewScheduledMessage');
    return update!.message as tl.message;
  }
  const send = async (...args: Parameters<typeof sendFull>): Promise<number> => (await sendFull(...args)).id;
  async function search(place: Group, more: Partial<tl.messages.search>): Promise<(string | number)[]> {
    const found = await call<tl.messages.channelMessages>(bob, {
      _: 'messages.search', peer: place.bobs, q: '', filter: { _: 'inputMessagesFilterEmpty' }, min_date: 0, max_date: 0, offset_id: 0, add_offset: 0, limit: 100, max_id: 0, min_id: 0, hash: 0n, ...more,
    });
    expect(found.count).toBe(found.messages.length);
    return found.messages.map((message) => (message._ === 'message' ? message.message : message.id));
  }
  const URL = { _: 'inputMessagesFilterUrl' } as const;
  const PINNED = { _: 'inputMessagesFilterPinned' } as const;

  it('search with and without a text, by any filter, in one topic or in General', async () => {
    await send(bob, forum, 'meow words', { reply_to: replyTo(cats) });
    await send(bob, forum, 'see https://cats.example', { reply_to: replyTo(cats) });
    await send(bob, forum, 'bark words', { reply_to: replyTo(dogs) });
    await send(bob, forum, 'general words');
    expect(await search(forum, { q: 'words', top_msg_id: cats })).toEqual(['meow words']);
    expect(await search(forum, { q: 'words', top_msg_id: dogs })).toEqual(['bark words']);
    expect(await search(forum, { q: 'words', top_msg_id: GENERAL })).toEqual(['general words', 'old words']);
    expect(await search(forum, { q: 'words' })).toHaveLength(4);
    expect(await search(forum, { top_msg_id: cats })).toEqual(['see https://cats.example', 'meow words', cats]);
    expect(await search(forum, { filter: URL, top_msg_id: cats })).toEqual(['see https://cats.example']);
    expect(await search(forum, { filter: URL, top_msg_id: dogs })).toEqual([]);
    const count = async (top_msg_id?: number): Promise<number[]> =>
      (await call<tl.messages.searchCounter[]>(bob, { _: 'messages.getSearchCounters', peer: forum.bobs, top_msg_id, filters: [URL, PINNED] })).map((counter) => counter.count);
    expect([await count(cats), await count(dogs), await count()]).toEqual([[1, 0], [0, 0], [1, 0]]);
  });

  it('search in one thread of replies of a group without topics', async () => {
    const first = await send(alice, group, 'first words');
    await send(alice, group, 'other words');
    const reply = await send(bob, group, 'reply words', { reply_to: replyTo(first) });
    const deeper = await sendFull(bob, group, 'deeper words', { reply_to: replyTo(reply, 777) });
    // The thread that the client names is not asked: the message belongs to the thread of what it replies to.
    expect(deeper.reply_to).toMatchObject({ reply_to_msg_id: reply, reply_to_top_id: first });
    expect(deeper.reply_to).not.toHaveProperty('forum_topic', true);
    expect(await search(group, { q: 'words', top_msg_id: first })).toEqual(['deeper words', 'reply words']);
    expect(await search(group, { top_msg_id: reply })).toEqual(['deeper words', 'reply words']);
    await call(alice, { _: 'messages.updatePinnedMessage', peer: group.peer, id: reply });
    expect(await search(group, { filter: PINNED, top_msg_id: first })).toEqual(['reply words']);
    await expect(search(group, { q: 'words', top_msg_id: 777 })).rejects.toThrow('MSG_ID_INVALID');
  });

  it('send to a topic or thread that is named without a message, and take it for nothing where there is none', async () => {
    const named = async (who: Person, place: Group, top_msg_id: number): Promise<tl.MessageReplyHeader | undefined> =>
      (await sendFull(who, place, 'named', { reply_to: replyTo(0, top_msg_id) })).reply_to;
    expect(await named(bob, forum, cats)).toEqual({ _: 'messageReplyHeader', forum_topic: true, reply_to_msg_id: cats });
    expect([await named(bob, forum, GENERAL), await named(bob, forum, 0), await named(bob, forum, -1)]).toEqual([undefined, undefined, undefined]);
    const root = await send(alice, group, 'begins a thread');
    expect(await named(bob, group, root)).toMatchObject({ reply_to_msg_id: root });
    expect([await named(bob, group, GENERAL), await named(bob, group, 0), await named(bob, group, -1)]).toEqual([undefined, undefined, undefined]);
    // A quote and another chat belong to a message, so without one they say nothing either.
    expect((await sendFull(bob, group, 'quoted', { reply_to: { ...replyTo(0), quote_text: 'begins', reply_to_peer_id: forum.bobs } })).reply_to).toBeUndefined();
    // Elsewhere one app names the topic 1 with each media message.
    const send1 = (peer: tl.InputPeer) => call<tl.updates>(bob, { _: 'messages.sendMedia', peer, media: { _: 'inputMediaDice', emoticon: '🎲' }, message: '', random_id: ++randomId, reply_to: replyTo(0, 1) });
    const { updates: made } = await call<tl.messages.invitedUsers>(bob, { _: 'messages.createChat', users: [], title: 'Basic' });
    const chat_id = (made as tl.updates).chats[0]!.id;
    const sentIn = await Promise.all([{ _: 'inputPeerSelf' } as const, { _: 'inputPeerChat', chat_id } as const].map(send1));
    const headers = sentIn.map(({ updates }) => (updates.find((one) => one._ === 'updateNewMessage')!.message as tl.message).reply_to);
    expect(headers).toEqual([undefined, undefined]);
  });

  it('list and read mentions of one topic, and tell the other devices of which', async () => {
    const mention = async (reply_to?: tl.inputReplyToMessage): Promise<number> =>
      send(alice, forum, 'Bob', { reply_to, entities: [{ _: 'inputMessageEntityMentionName', offset: 0, length: 3, user_id: { _: 'inputUser', user_id: bob.userId, access_hash: await hashOfBob() } }] });
    const inCats = await mention(replyTo(cats));
    const inDogs = await mention(replyTo(dogs));
    const inGeneral = await mention();
    const list = async (top_msg_id?: number): Promise<number[]> => {
      const found = await call<tl.messages.channelMessages>(bob, { _: 'messages.getUnreadMentions', peer: forum.bobs, top_msg_id, offset_id: 0, add_offset: 0, limit: 10, max_id: 0, min_id: 0 });
      expect(found.count).toBe(found.messages.length);
      return found.messages.map(({ id }) => id);
    };
    expect([await list(cats), await list(dogs), await list(GENERAL), await list()]).toEqual([[inCats], [inDogs], [inGeneral], [inGeneral, inDogs, inCats]]);
    expect(await call(bob, { _: 'messages.readMentions', peer: forum.bobs, top_msg_id: dogs })).toMatchObject({ _: 'messages.affectedHistory', pts_count: 0, offset: 0 });
    expect([await list(cats), await list(dogs), await list(GENERAL)]).toEqual([[inCats], [], [inGeneral]]);
    const { other_updates: told } = await call<tl.updates.difference>(bob, { _: 'updates.getDifference', pts: 1, date: 1, qts: 0 });
    expect(told.filter((update) => update._ === 'updateChannelReadMessagesContents')).toMatchObject([{ channel_id: forum.channel.channel_id, top_msg_id: dogs, messages: [inDogs] }]);
    await call(bob, { _: 'messages.readMentions', peer: forum.bobs, top_msg_id: GENERAL });
    expect(await list()).toEqual([inCats]);
  });
  async function hashOfBob(): Promise<bigint> {
    const { users } = await call<tl.channels.channelParticipants>(alice, { _: 'channels.getParticipants', channel: forum.channel, filter: { _: 'channelParticipantsRecent' }, offset: 0, limit: 10, hash: 0n });
    return users.find((user): user is tl.user => user.id === bob.userId)!.access_hash!;
  }

  it('answer for reactions, which messages of groups do not have yet', async () => {
    const unread = { _: 'messages.getUnreadReactions', peer: forum.bobs, offset_id: 0, add_offset: 0, limit: 10, max_id: 0, min_id: 0 } as const;
    expect(await call(bob, { ...unread, top_msg_id: cats })).toMatchObject({ _: 'messages.channelMessages', count: 0, messages: [] });
    expect(await call(bob, { _: 'messages.readReactions', peer: forum.bobs, top_msg_id: cats })).toMatchObject({ _: 'messages.affectedHistory', pts_count: 0, offset: 0 });
  });

  it('pin in a topic, and unpin the messages of one topic only', async () => {
    const inCats = await send(bob, forum, 'cats pin', { reply_to: replyTo(cats) });
    const inGeneral = await send(bob, forum, 'general pin');
    const pin = async (id: number): Promise<tl.Message> => {
      const { updates } = await call<tl.updates>(alice, { _: 'messages.updatePinnedMessage', peer: forum.peer, id });
      const notice = updates.find((update) => update._ === 'updateNewChannelMessage');
      return notice!.message;
    };
    expect(await pin(inCats)).toMatchObject({ action: { _: 'messageActionPinMessage' }, reply_to: { forum_topic: true, reply_to_msg_id: inCats, reply_to_top_id: cats } });
    expect(await pin(inGeneral)).toMatchObject({ reply_to: { reply_to_msg_id: inGeneral } });
    expect([await search(forum, { filter: PINNED, top_msg_id: cats }), await search(forum, { filter: PINNED, top_msg_id: GENERAL })]).toEqual([['cats pin'], ['general pin']]);
    expect(await call(alice, { _: 'messages.unpinAllMessages', peer: forum.peer, top_msg_id: dogs })).toMatchObject({ pts_count: 0, offset: 0 });
    expect(await call(alice, { _: 'messages.unpinAllMessages', peer: forum.peer, top_msg_id: cats })).toMatchObject({ pts_count: 1, offset: 0 });
    expect(await search(forum, { filter: PINNED })).toEqual(['general pin']);
    expect(await call(alice, { _: 'messages.unpinAllMessages', peer: forum.peer, top_msg_id: GENERAL })).toMatchObject({ pts_count: 1 });
  });

  it('refuse topics and threads that do not exist, and chats that have none', async () => {
    const elsewhere = await send(alice, group, 'elsewhere');
    const open = { peer: forum.bobs, offset_id: 0, add_offset: 0, limit: 10, max_id: 0, min_id: 0 };
    const gone = await createTopic('Gone');
    await call(alice, { _: 'messages.deleteTopicHistory', peer: forum.peer, top_msg_id: gone });
    const inCats = await send(alice, forum, 'no topic itself', { reply_to: replyTo(cats) });
    const lists = (top_msg_id: number): tl.AnyMethod[] => [
      { _: 'messages.search', ...open, q: 'x', filter: URL, min_date: 0, max_date: 0, hash: 0n, top_msg_id },
      { _: 'messages.getSearchCounters', peer: forum.bobs, filters: [URL], top_msg_id },
      { _: 'messages.getUnreadMentions', ...open, top_msg_id },
      { _: 'messages.getUnreadReactions', ...open, top_msg_id },
      { _: 'messages.getUnreadPollVotes', ...open, top_msg_id },
    ];
    const changes = (top_msg_id: number): tl.AnyMethod[] => [
      { _: 'messages.readPollVotes', peer: forum.bobs, top_msg_id },
      { _: 'messages.readMentions', peer: forum.bobs, top_msg_id },
      { _: 'messages.readReactions', peer: forum.bobs, top_msg_id },
      { _: 'messages.unpinAllMessages', peer: forum.bobs, top_msg_id },
    ];
    for (const top_msg_id of [MAX_INT, gone, inCats, elsewhere + 100_000]) {
      for (const query of [...lists(top_msg_id), ...changes(top_msg_id)]) {
        await expect(call(bob, query), `${query._} with ${top_msg_id}`).rejects.toThrow('MSG_ID_INVALID');
      }
      await expect(send(bob, forum, 'x', { reply_to: replyTo(top_msg_id, top_msg_id) }), `a message in ${top_msg_id}`).rejects.toThrow(top_msg_id === gone ? 'TOPIC_DELETED' : top_msg_id === inCats ? 'REPLY_MESSAGE_ID_INVALID' : 'TOPIC_ID_INVALID');
    }
    await expect(call(alice, { _: 'messages.getUnreadMentions', ...open, peer: { _: 'inputPeerSelf' }, top_msg_id: 1 })).rejects.toThrow('MSG_ID_INVALID');
    // What no message has for an id stands for no topic, except where more would be changed than was meant.
    for (const top_msg_id of [0, -1, -5]) {
      for (const query of lists(top_msg_id)) await expect(call(bob, query), `${query._} with ${top_msg_id}`).resolves.toEqual(await call(bob, { ...query, top_msg_id: undefined } as tl.AnyMethod));
      for (const query of changes(top_msg_id)) {
        if (query._ !== 'messages.unpinAllMessages' || top_msg_id !== -1) await expect(call(bob, query), `${query._} with ${top_msg_id}`).rejects.toThrow('MSG_ID_INVALID');
      }
    }
  });

  it('unpin everything of a forum if an app names the topic −1, which means the whole chat', async () => {
    const pinned = [await send(alice, forum, 'pinned in cats', { reply_to: replyTo(cats) }), await send(alice, forum, 'pinned in general')];
    for (const id of pinned) await call(alice, { _: 'messages.updatePinnedMessage', silent: true, peer: forum.peer, id });
    expect((await search(forum, { filter: PINNED })).slice(0, 2)).toEqual(['pinned in general', 'pinned in cats']);
    await call(alice, { _: 'messages.unpinAllMessages', peer: forum.peer, top_msg_id: -1 });
    expect(await search(forum, { filter: PINNED })).toEqual([]);
  });

  it('write in the topic of what is replied to, or in the one that is named', async () => {
    const one = await send(bob, forum, 'one', { reply_to: replyTo(cats, cats) });
    expect((await sendFull(bob, forum, 'two', { reply_to: replyTo(one) })).reply_to).toEqual({ _: 'messageReplyHeader', forum_topic: true, reply_to_msg_id: one, reply_to_top_id: cats });
    const inGeneral = await sendFull(bob, forum, 'three', { reply_to: replyTo(GENERAL) });
    expect(inGeneral.reply_to).toBeUndefined();
    expect((await sendFull(bob, forum, 'four', { reply_to: replyTo(inGeneral.id) })).reply_to).toEqual({ _: 'messageReplyHeader', reply_to_msg_id: inGeneral.id });
    await expect(send(bob, forum, 'five', { reply_to: replyTo(one, dogs) })).rejects.toThrow('REPLY_MESSAGE_ID_INVALID');
    await expect(send(bob, forum, 'six', { reply_to: replyTo(cats, dogs) })).rejects.toThrow('REPLY_MESSAGE_ID_INVALID');
    // What was replied to is gone: the message stays in its topic.
    await call(alice, { _: 'channels.deleteMessages', channel: forum.channel, id: [one] });
    expect((await sendFull(bob, forum, 'seven', { reply_to: replyTo(one, cats) })).reply_to).toEqual({ _: 'messageReplyHeader', forum_topic: true, reply_to_msg_id: cats });
    await expect(send(bob, forum, 'eight', { reply_to: replyTo(one) })).rejects.toThrow('REPLY_MESSAGE_ID_INVALID');
    // Somebody who has cleared the history for themselves writes in topics that began before.
    await call(bob, { _: 'channels.deleteHistory', channel: forum.bobsChannel, max_id: 0 });
    expect((await sendFull(bob, forum, 'nine', { reply_to: replyTo(cats) })).reply_to).toMatchObject({ reply_to_msg_id: cats });
    expect(await search(forum, { q: 'nine', top_msg_id: cats })).toEqual(['nine']);
  });

  it('reply from one topic to a message of another one, as to a message of another chat', async () => {
    const asked = await send(alice, forum, 'a question', { reply_to: replyTo(dogs) });
    const reply = await sendFull(alice, forum, 'an answer', { reply_to: { ...replyTo(asked, cats), reply_to_peer_id: forum.peer } });
    expect(reply.reply_to).toMatchObject({ forum_topic: true, reply_to_msg_id: asked, reply_to_peer_id: { channel_id: forum.channel.channel_id }, reply_to_top_id: cats, quote_text: 'a question' });
    const inGeneral = await sendFull(alice, forum, 'an answer', { reply_to: { ...replyTo(asked), reply_to_peer_id: forum.peer } });
    expect(inGeneral.reply_to).not.toHaveProperty('reply_to_top_id', dogs);
    expect(await search(forum, { q: 'answer', top_msg_id: GENERAL })).toEqual(['an answer']);
    const same = await sendFull(alice, forum, 'beside it', { reply_to: { ...replyTo(asked, dogs), reply_to_peer_id: forum.peer } });
    expect(same.reply_to).toEqual({ _: 'messageReplyHeader', forum_topic: true, reply_to_msg_id: asked, reply_to_top_id: dogs });
  });

  it('forward messages and send media into a topic', async () => {
    const from = await send(alice, group, 'forwarded');
    const forward = { _: 'messages.forwardMessages', from_peer: group.peer, to_peer: forum.peer } as const;
    const id = [from];
    const { updates } = await call<tl.updates>(alice, { ...forward, id, top_msg_id: dogs, random_id: [++randomId] });
    expect(updates.find((update) => update._ === 'updateNewChannelMessage')!.message).toMatchObject({ message: 'forwarded', reply_to: { forum_topic: true, reply_to_msg_id: dogs } });
    await expect(call(alice, { ...forward, id, top_msg_id: 999_999, random_id: [++randomId] })).rejects.toThrow('TOPIC_ID_INVALID');
    await call(alice, { ...forward, id, reply_to: replyTo(cats), random_id: [++randomId] });
    expect([await search(forum, { q: 'forwarded', top_msg_id: dogs }), await search(forum, { q: 'forwarded', top_msg_id: cats })]).toEqual([['forwarded'], ['forwarded']]);
    const geo = { _: 'inputMediaGeoPoint', geo_point: { _: 'inputGeoPoint', lat: 1, long: 2 } } as const;
    await call(alice, { _: 'messages.sendMedia', peer: forum.peer, media: geo, message: '', random_id: ++randomId, reply_to: replyTo(dogs, dogs) });
    expect(await search(forum, { filter: { _: 'inputMessagesFilterGeo' }, top_msg_id: dogs })).toHaveLength(1);
  });

  it('schedule in a topic, and send there', async () => {
    const date = Math.floor(Date.now() / 1000) + 3600;
    const now = (id: number) => call<tl.updates>(bob, { _: 'messages.sendScheduledMessages', peer: forum.bobs, id: [id] });
    const inCats = await sendFull(bob, forum, 'later in cats', { reply_to: replyTo(cats), schedule_date: date });
    expect(inCats.reply_to).toEqual({ _: 'messageReplyHeader', forum_topic: true, reply_to_msg_id: cats });
    const target = await send(bob, forum, 'target', { reply_to: replyTo(dogs) });
    const reply = await sendFull(bob, forum, 'later reply', { reply_to: replyTo(target), schedule_date: date + 1 });
    expect(reply.reply_to).toEqual({ _: 'messageReplyHeader', forum_topic: true, reply_to_msg_id: target, reply_to_top_id: dogs });
    const listed = await call<tl.messages.messages>(bob, { _: 'messages.getScheduledHistory', peer: forum.bobs, hash: 0n });
    expect(listed.messages.map((message) => (message as tl.message).reply_to)).toEqual([reply.reply_to, inCats.reply_to]);
    expect((await sendFull(bob, forum, 'later in general', { schedule_date: date })).reply_to).toBeUndefined();
    // The message that is replied to is deleted meanwhile: the scheduled one still goes to its topic.
    await call(alice, { _: 'channels.deleteMessages', channel: forum.channel, id: [target] });
    const sent = await now(reply.id);
    expect(sent.updates.find((update) => update._ === 'updateNewChannelMessage')!.message).toMatchObject({ message: 'later reply', reply_to: { forum_topic: true, reply_to_msg_id: dogs } });
    const closing = await createTopic('Closing');
    const late = await send(bob, forum, 'too late', { reply_to: replyTo(closing), schedule_date: date });
    await call(alice, { _: 'messages.editForumTopic', peer: forum.peer, topic_id: closing, closed: true });
    await expect(now(late)).rejects.toThrow('TOPIC_CLOSED');
    await expect(send(bob, forum, 'x', { reply_to: replyTo(closing), schedule_date: date })).rejects.toThrow('TOPIC_CLOSED');
    await call(alice, { _: 'messages.deleteTopicHistory', peer: forum.peer, top_msg_id: closing });
    await expect(now(late)).rejects.toThrow('TOPIC_DELETED');
    await expect(send(bob, forum, 'x', { reply_to: replyTo(999_999, 999_999), schedule_date: date })).rejects.toThrow('TOPIC_ID_INVALID');
    await call(alice, { _: 'messages.editForumTopic', peer: forum.peer, topic_id: GENERAL, hidden: true });
    await expect(send(bob, forum, 'x')).rejects.toThrow('TOPIC_CLOSED');
    await expect(send(bob, forum, 'x', { schedule_date: date })).rejects.toThrow('TOPIC_CLOSED');
    await call(alice, { _: 'messages.editForumTopic', peer: forum.peer, topic_id: GENERAL, hidden: false });
    await expect(send(bob, forum, 'x')).rejects.toThrow('TOPIC_CLOSED');
    await call(alice, { _: 'messages.editForumTopic', peer: forum.peer, topic_id: GENERAL, closed: false });
  });

  it('link to messages in their topics and threads', async () => {
    const link = async (place: Group, id: number, thread?: true): Promise<string> =>
      (await call<tl.exportedMessageLink>(alice, { _: 'channels.exportMessageLink', channel: place.channel, id, thread })).link;
    const inCats = await send(alice, forum, 'linked', { reply_to: replyTo(cats) });
    const inGeneral = await send(alice, forum, 'linked');
    const place = `https://t.me/c/${forum.channel.channel_id}`;
    expect([await link(forum, inCats), await link(forum, inCats, true), await link(forum, inGeneral, true)]).toEqual([`${place}/${inCats}`, `${place}/${cats}/${inCats}`, `${place}/1/${inGeneral}`]);
    const first = await send(alice, group, 'first');
    const reply = await send(alice, group, 'reply', { reply_to: replyTo(first) });
    const other = `https://t.me/c/${group.channel.channel_id}`;
    expect([await link(group, first, true), await link(group, reply), await link(group, reply, true)]).toEqual([`${other}/${first}`, `${other}/${reply}`, `${other}/${reply}?thread=${first}`]);
    await call(alice, { _: 'channels.updateUsername', channel: forum.channel, username: 'linked_forum' });
    expect(await link(forum, inCats, true)).toBe(`https://t.me/linked_forum/${cats}/${inCats}`);
  });
});
