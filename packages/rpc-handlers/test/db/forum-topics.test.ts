import { decode, type tl } from '@aerogram/tl';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { createRpcWorld, type RpcWorld } from './rpc-world.ts';

describe('the methods of forums', () => {
  let world: RpcWorld;
  let alice: { authKeyId: bigint; userId: bigint };
  let bob: { authKeyId: bigint; userId: bigint };
  let channel: tl.inputChannel;
  let peer: tl.inputPeerChannel;
  let randomId = 1n;
  beforeAll(async () => {
    world = await createRpcWorld('forum-topics');
    alice = await world.signUp('9996610001', 'Alice');
    bob = await world.signUp('9996620002', 'Bob');
    ({ channel, peer } = await createGroup(true));
  });
  afterAll(() => world[Symbol.asyncDispose]());

  async function call<T>(who: { authKeyId: bigint }, query: tl.AnyMethod): Promise<T> {
    const { error, body } = await world.call(who.authKeyId, query);
    if (error !== undefined) throw new Error(String(error));
    return decode(body) as T;
  }
  /** Makes a call that answers with true alone. */
  async function change(query: tl.AnyMethod): Promise<void> {
    expect((await world.call(alice.authKeyId, query)).error).toBeUndefined();
  }
  async function createGroup(megagroup: boolean) {
    const { chats } = await call<tl.updates>(alice, { _: 'channels.createChannel', megagroup, broadcast: !megagroup, title: 'A group', about: '' });
    const { id: channel_id, access_hash = 0n } = chats.find((chat) => chat._ === 'channel')!;
    return { channel: { _: 'inputChannel', channel_id, access_hash } as const, peer: { _: 'inputPeerChannel', channel_id, access_hash } as const };
  }
  async function createTopic(title: string): Promise<number> {
    const { updates } = await call<tl.updates>(alice, { _: 'messages.createForumTopic', peer, title, random_id: ++randomId });
    const [name, ...rest] = updates;
    expect(name).toMatchObject({ _: 'updateMessageID', random_id: randomId });
    expect(rest).toMatchObject([{ _: 'updateNewChannelMessage', message: { action: { _: 'messageActionTopicCreate', title } } }]);
    return name?._ === 'updateMessageID' ? name.id : 0;
  }

  it('make a forum of a supergroup, and of nothing else', async () => {
    const other = await createGroup(false);
    await expect(call(alice, { _: 'channels.toggleForum', channel: other.channel, enabled: true, tabs: false })).rejects.toThrow('CHAT_ADMIN_REQUIRED');
    await expect(call(alice, { _: 'messages.getForumTopics', peer, offset_date: 0, offset_id: 0, offset_topic: 0, limit: 10 })).rejects.toThrow('CHANNEL_FORUM_MISSING');
    await expect(call(alice, { _: 'messages.createForumTopic', peer, title: 'T', random_id: 5n })).rejects.toThrow('CHANNEL_FORUM_MISSING');
    const { chats } = await call<tl.updates>(alice, { _: 'channels.toggleForum', channel, enabled: true, tabs: true });
    expect(chats).toMatchObject([{ _: 'channel', forum: true, forum_tabs: true }]);
    await expect(call(alice, { _: 'channels.toggleForum', channel, enabled: true, tabs: true })).rejects.toThrow('CHAT_NOT_MODIFIED');
  });

  it('list topics with their newest messages and all peers', async () => {
    const id = await createTopic('Cats');
    await call(alice, { _: 'messages.sendMessage', peer, message: 'meow', random_id: ++randomId, reply_to: { _: 'inputReplyToMessage', reply_to_msg_id: id } });
    const list = await call<tl.messages.forumTopics>(alice, { _: 'messages.getForumTopics', peer, offset_date: 0, offset_id: 0, offset_topic: 0, limit: 10 });
    expect(list.topics).toMatchObject([{ _: 'forumTopic', my: true, id, title: 'Cats', unread_count: 0 }, { id: 1, title: 'General' }]);
    const cats = list.topics[0];
    const top = list.messages.find((message) => cats?._ === 'forumTopic' && message.id === cats.top_message);
    expect(top).toMatchObject({ message: 'meow', reply_to: { forum_topic: true, reply_to_msg_id: id } });
    expect(list.users.map((user) => user.id)).toEqual([alice.userId]);
    expect(list.chats.map((chat) => chat.id)).toEqual([channel.channel_id]);
    const found = await call<tl.messages.forumTopics>(alice, { _: 'messages.getForumTopicsByID', peer, topics: [id, 77_777] });
    expect(found.topics).toMatchObject([{ id }, { _: 'forumTopicDeleted', id: 77_777 }]);
    await expect(call(alice, { _: 'messages.getForumTopicsByID', peer, topics: [] })).rejects.toThrow('TOPICS_EMPTY');
    await expect(call(bob, { _: 'messages.getForumTopicsByID', peer, topics: [id] })).rejects.toThrow('CHANNEL');
  });

  it('change, pin, order and delete topics', async () => {
    const id = await createTopic('Dogs');
    const edited = await call<tl.updates>(alice, { _: 'messages.editForumTopic', peer, topic_id: id, title: 'Wolves' });
    expect(edited.updates).toMatchObject([{ message: { action: { _: 'messageActionTopicEdit', title: 'Wolves' } } }]);
    await expect(call(alice, { _: 'messages.editForumTopic', peer, topic_id: id, title: 'Wolves' })).rejects.toThrow('TOPIC_NOT_MODIFIED');
    await expect(call(alice, { _: 'messages.editForumTopic', peer, topic_id: id, closed: true, title: 'Foxes' })).rejects.toThrow('TOPIC_CLOSE_SEPARATELY');
    await expect(call(alice, { _: 'messages.createForumTopic', peer, title: 'T', icon_emoji_id: 5n, random_id: ++randomId })).rejects.toThrow('DOCUMENT_INVALID');
    await expect(call(alice, { _: 'messages.createForumTopic', peer: { _: 'inputPeerSelf' }, title: 'T', random_id: ++randomId })).rejects.toThrow('PEER_ID_INVALID');
    const pinned = await call<tl.updates>(alice, { _: 'messages.updatePinnedForumTopic', peer, topic_id: id, pinned: true });
    expect(pinned.updates).toMatchObject([{ _: 'updatePinnedForumTopic', pinned: true, topic_id: id }]);
    const order = await call<tl.updates>(alice, { _: 'messages.reorderPinnedForumTopics', peer, order: [1, id], force: true });
    expect(order.updates).toMatchObject([{ _: 'updatePinnedForumTopics', order: [1, id] }]);
    expect(await call(alice, { _: 'messages.deleteTopicHistory', peer, top_msg_id: id })).toMatchObject({ _: 'messages.affectedHistory', pts_count: 2, offset: 0 });
    await expect(
      call(alice, { _: 'messages.sendMessage', peer, message: 'x', random_id: ++randomId, reply_to: { _: 'inputReplyToMessage', reply_to_msg_id: 1, top_msg_id: id } }),
    ).rejects.toThrow('REPLY_MESSAGE_ID_INVALID');
  });

  it('show the draft and the settings that somebody has for a topic, which only topics that exist have', async () => {
    const id = await createTopic('Drafts');
    const reply_to: tl.inputReplyToMessage = { _: 'inputReplyToMessage', reply_to_msg_id: id, top_msg_id: id };
    await change({ _: 'messages.saveDraft', peer, message: 'not yet', reply_to });
    const topic: tl.inputNotifyForumTopic = { _: 'inputNotifyForumTopic', peer, top_msg_id: id };
    await change({ _: 'account.updateNotifySettings', peer: topic, settings: { _: 'inputPeerNotifySettings', silent: true, mute_until: 5 } });
    const find = async () => (await call<tl.messages.forumTopics>(alice, { _: 'messages.getForumTopicsByID', peer, topics: [id] })).topics[0];
    expect(await find()).toMatchObject({ draft: { message: 'not yet', reply_to: undefined }, notify_settings: { silent: true, mute_until: 5, show_previews: undefined } });
    expect(await call(alice, { _: 'account.getNotifySettings', peer: topic })).toMatchObject({ silent: true, mute_until: 5 });
    const exceptions = await call<tl.updates>(alice, { _: 'account.getNotifyExceptions', peer: topic });
    expect(exceptions.updates).toMatchObject([{ _: 'updateNotifySettings', peer: { _: 'notifyForumTopic', top_msg_id: id }, notify_settings: { silent: true } }]);
    expect(exceptions.chats).toMatchObject([{ id: channel.channel_id }]);
    expect((await call<tl.updates>(alice, { _: 'messages.getAllDrafts' })).updates).toMatchObject([{ _: 'updateDraftMessage', top_msg_id: id, draft: { message: 'not yet' } }]);
    // Whoever empties the field has no draft any more, although the call names the topic.
    await change({ _: 'messages.saveDraft', peer, message: '', reply_to });
    expect(await find()).toMatchObject({ draft: undefined });
    await expect(call(alice, { _: 'messages.saveDraft', peer, message: 'x', reply_to: { ...reply_to, top_msg_id: 77_777 } })).rejects.toThrow('MSG_ID_INVALID');
    for (const top_msg_id of [77_777, 0]) {
      for (const query of [{ _: 'account.getNotifySettings' }, { _: 'account.updateNotifySettings', settings: { _: 'inputPeerNotifySettings', silent: true } }] as const) {
        await expect(call(alice, { ...query, peer: { ...topic, top_msg_id } })).rejects.toThrow('MSG_ID_INVALID');
      }
    }
    await expect(call(alice, { _: 'account.getNotifySettings', peer: { ...topic, peer: { _: 'inputPeerSelf' } } })).rejects.toThrow('PEER_ID_INVALID');
    await expect(call(alice, { _: 'messages.saveDraft', peer: { _: 'inputPeerSelf' }, message: 'x', reply_to })).rejects.toThrow('MSG_ID_INVALID');
    await expect(call(bob, { _: 'messages.saveDraft', peer, message: 'x', reply_to })).rejects.toThrow('CHANNEL');
  });

  it('keep and clear the draft of the topic that a call names, in whichever way', async () => {
    const id = await createTopic('Ways');
    const { updates } = await call<tl.updates>(alice, { _: 'messages.sendMessage', peer, message: 'a word', random_id: ++randomId, reply_to: { _: 'inputReplyToMessage', reply_to_msg_id: id } });
    const said = updates.find((update) => update._ === 'updateMessageID')!.id;
    const save = (message: string, reply_to_msg_id: number, top_msg_id?: number): Promise<void> =>
      change({ _: 'messages.saveDraft', peer, message, reply_to: { _: 'inputReplyToMessage', reply_to_msg_id, top_msg_id } });
    const kept = async (): Promise<(number | string | undefined)[][]> =>
      (await call<tl.updates>(alice, { _: 'messages.getAllDrafts' })).updates.map((update) => {
        const { top_msg_id, draft } = update as tl.updateDraftMessage & { draft: tl.draftMessage };
        return [top_msg_id, draft.message, (draft.reply_to as tl.inputReplyToMessage | undefined)?.reply_to_msg_id];
      });
    const ways: [reply: number, top: number | undefined, place: number | undefined, answered: number | undefined][] = [
      [0, id, id, undefined], [id, undefined, id, undefined], [id, id, id, undefined], [-1, id, id, undefined], [said, id, id, said], [said, undefined, id, said],
      [0, 1, 1, undefined], [1, undefined, 1, undefined], [1, 1, 1, undefined],
      [0, undefined, undefined, undefined], [0, 0, undefined, undefined], [-1, -1, undefined, undefined], [77_777, undefined, undefined, 77_777],
    ];
    for (const [reply, top, place, answered] of ways) {
      await save('a draft', reply, top);
      expect(await kept(), `${reply} and ${top}`).toEqual([[place, 'a draft', answered]]);
      await save('', place ?? 0);
      expect(await kept(), `cleared after ${reply} and ${top}`).toEqual([]);
    }
    for (const [reply, top] of ways.slice(0, 4)) {
      await save('a draft', id);
      await save('', reply, top);
      expect(await kept(), `cleared by ${reply} and ${top}`).toEqual([]);
    }
  });

  it('name the topics of messages in every answer with messages, and only the id of a deleted one', async () => {
    const id = await createTopic('Named');
    await call(alice, { _: 'messages.sendMessage', peer, message: 'purr purr', random_id: ++randomId, reply_to: { _: 'inputReplyToMessage', reply_to_msg_id: id } });
    const window = { offset_id: 0, offset_date: 0, add_offset: 0, limit: 1, max_id: 0, min_id: 0, hash: 0n };
    const named = { _: 'forumTopic', short: true, id, title: 'Named', my: true, peer: { _: 'peerChannel', channel_id: channel.channel_id }, from_id: { _: 'peerUser', user_id: alice.userId } };
    const history = await call<tl.messages.channelMessages>(alice, { _: 'messages.getHistory', peer, ...window });
    expect(history.topics).toMatchObject([named]);
    const [topic] = history.topics;
    expect(topic?._ === 'forumTopic' && topic.date).toBeGreaterThan(0);
    const newest = history.messages[0]!.id;
    expect((await call<tl.messages.channelMessages>(alice, { _: 'channels.getMessages', channel, id: [{ _: 'inputMessageID', id: newest }] })).topics).toMatchObject([named]);
    expect((await call<tl.messages.channelMessages>(alice, { _: 'messages.getReplies', peer, msg_id: id, ...window })).topics).toMatchObject([named]);
    const both = await call<tl.messages.channelMessages>(alice, { _: 'channels.getMessages', channel, id: [{ _: 'inputMessageID', id: newest }, { _: 'inputMessageID', id: 1 }] });
    expect(both.topics.map((one) => one.id).sort((a, b) => a - b)).toEqual([1, id]);
    await world.db.q.updateTable('forum_topics').set({ deleted: true }).where('channel_id', '=', channel.channel_id).where('topic_id', '=', id).execute();
    expect((await call<tl.messages.channelMessages>(alice, { _: 'messages.getHistory', peer, ...window })).topics).toEqual([{ _: 'forumTopicDeleted', id }]);
  });

  it('page topics by topic, by message and by date, and count those that a search finds', async () => {
    const ids = [await createTopic('Page one'), await createTopic('Page two'), await createTopic('Other')];
    const list = (offset: Partial<tl.messages.getForumTopics>): Promise<tl.messages.forumTopics> =>
      call(alice, { _: 'messages.getForumTopics', peer, offset_date: 0, offset_id: 0, offset_topic: 0, limit: 100, ...offset });
    const idsOf = ({ topics }: tl.messages.forumTopics): number[] => topics.map((topic) => topic.id);
    const all = idsOf(await list({}));
    const pinned = all.indexOf(ids[2]!);
    expect(all.slice(pinned, pinned + 3)).toEqual(ids.toReversed());
    expect(idsOf(await list({ offset_topic: ids[2]!, offset_id: ids[2]! }))).toEqual(all.slice(pinned + 1));
    expect(idsOf(await list({ offset_id: ids[2]! }))).toEqual(all.slice(pinned + 1));
    expect(idsOf(await list({ offset_date: 2_000_000_000 }))).toEqual(all.slice(pinned));
    expect(idsOf(await list({ offset_date: 1 }))).toEqual([]);
    expect(await list({ q: 'PAGE', limit: 1 })).toMatchObject({ count: 2, topics: [{ id: ids[1] }] });
  });

  it('show the newest messages of topics as hidden to somebody who has cleared the history', async () => {
    await call(alice, { _: 'channels.deleteHistory', channel, max_id: 0 });
    const { topics, messages } = await call<tl.messages.forumTopics>(alice, { _: 'messages.getForumTopics', peer, offset_date: 0, offset_id: 0, offset_topic: 0, limit: 3 });
    const tops = topics.flatMap((topic) => (topic._ === 'forumTopic' ? [topic.top_message] : []));
    expect(messages.map(({ id }) => id).sort((a, b) => a - b)).toEqual(tops.sort((a, b) => a - b));
    for (const message of messages) expect(message).toMatchObject({ action: { _: 'messageActionHistoryClear' } });
    const replies = await call<tl.messages.channelMessages>(alice, { _: 'messages.getReplies', peer, msg_id: topics.at(-1)!.id, offset_id: 0, offset_date: 0, add_offset: 0, limit: 9, max_id: 0, min_id: 0, hash: 0n });
    expect(replies.messages).toEqual([]);
  });

  it('create a group that is a forum from the beginning, and refuse a broadcast channel with topics', async () => {
    const { chats } = await call<tl.updates>(alice, { _: 'channels.createChannel', megagroup: true, forum: true, title: 'Forum', about: '' });
    expect(chats).toMatchObject([{ _: 'channel', megagroup: true, forum: true }]);
    expect((await call<tl.updates>(alice, { _: 'channels.createChannel', for_import: true, title: 'Imported', about: '' })).chats).toMatchObject([{ megagroup: true }]);
    await expect(call(alice, { _: 'channels.createChannel', broadcast: true, forum: true, title: 'Forum', about: '' })).rejects.toThrow('CHANNEL_INVALID');
  });

  it('show a forum as messages to one person, who must be a member for it', async () => {
    const toggle = (who: { authKeyId: bigint }, enabled: boolean): Promise<tl.updates> => call(who, { _: 'channels.toggleViewForumAsMessages', channel, enabled });
    const isSet = async () => (await call<tl.messages.chatFull>(alice, { _: 'channels.getFullChannel', channel })).full_chat;
    expect((await toggle(alice, true)).updates).toEqual([{ _: 'updateChannelViewForumAsMessages', channel_id: channel.channel_id, enabled: true }]);
    expect((await toggle(alice, true)).updates).toEqual([]);
    expect(await isSet()).toMatchObject({ view_forum_as_messages: true });
    await toggle(alice, false);
    expect(await isSet()).not.toHaveProperty('view_forum_as_messages', true);
    await expect(toggle(bob, true)).rejects.toThrow('CHANNEL_INVALID');
    const other = await createGroup(true);
    await expect(call(alice, { _: 'channels.toggleViewForumAsMessages', channel: other.channel, enabled: true })).rejects.toThrow('CHANNEL_FORUM_MISSING');
  });

  it('refuse what is no forum, whatever the method', async () => {
    const [ofNobody, ofPerson, group] = [{ _: 'inputPeerEmpty' } as const, { _: 'inputPeerSelf' } as const, (await createGroup(true)).peer];
    const methods = (at: tl.InputPeer): tl.AnyMethod[] => [
      { _: 'messages.createForumTopic', peer: at, title: 'T', random_id: ++randomId },
      { _: 'messages.editForumTopic', peer: at, topic_id: 1, title: 'T' },
      { _: 'messages.getForumTopics', peer: at, offset_date: 0, offset_id: 0, offset_topic: 0, limit: 10 },
      { _: 'messages.getForumTopicsByID', peer: at, topics: [1] },
      { _: 'messages.updatePinnedForumTopic', peer: at, topic_id: 1, pinned: true },
      { _: 'messages.reorderPinnedForumTopics', peer: at, order: [1] },
      { _: 'messages.deleteTopicHistory', peer: at, top_msg_id: 2 },
    ];
    for (const method of methods(ofNobody)) await expect(call(alice, method)).rejects.toThrow('CHANNEL_INVALID');
    for (const method of methods(ofPerson)) await expect(call(alice, method)).rejects.toThrow('PEER_ID_INVALID');
    for (const method of methods(group)) await expect(call(alice, method)).rejects.toThrow('CHANNEL_FORUM_MISSING');
    await expect(call(alice, { _: 'channels.toggleForum', channel: { _: 'inputChannelEmpty' }, enabled: true, tabs: false })).rejects.toThrow('CHANNEL_INVALID');
  });
});
