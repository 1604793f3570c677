import type { Actor } from '@aerogram/dev-env';
import type { tl } from '@mtcute/node';
import { randomLong } from '@mtcute/node/utils.js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { promoteBotIn } from './bot-api-chats-stage.ts';
import { makeBot, UNHURRIED_BOTS, write } from './bot-stage.ts';
import { createChannel, inviteTo, postIn } from './channel-stage.ts';
import { type BotUpdate, PollingBot } from './polling-bot.ts';
import { type Scenario, startScenario } from './scenario.ts';

/** What the tests look at in a Message object. */
interface Message {
  message_id: number;
  message_thread_id?: number;
  text?: string;
  [field: string]: unknown;
}

let scenario: Scenario;
let owner: Actor;
let friend: Actor;
/** A bot in privacy mode, which is an ordinary member of the groups. */
let reader: PollingBot;
/** An admin of the groups. */
let manager: PollingBot;
/** Marked id of a group with topics. */
let forum: number;
/** Marked id of a group without topics. */
let plain: number;
beforeAll(async () => {
  scenario = await startScenario({ env: UNHURRIED_BOTS });
  [owner, friend] = [await scenario.world.user('Owner'), await scenario.world.user('Friend')];
  reader = new PollingBot(scenario.server, await makeBot(scenario, 'Topic_reader_bot'));
  manager = new PollingBot(scenario.server, await makeBot(scenario, 'Topic_manager_bot'));
  for (const { made } of [reader, manager]) await write(owner, made, '/start');
  forum = await createChannel(owner);
  plain = await createChannel(owner, 'megagroup', 'Hiking');
  await owner.main.change({ _: 'channels.toggleForum', channel: owner.main.inputChannel(forum), enabled: true, tabs: false });
  for (const id of [forum, plain]) {
    await inviteTo(owner, id, [friend]);
    await owner.main.invite({ _: 'channels.inviteToChannel', channel: owner.main.inputChannel(id), users: [owner.main.inputUser(reader.made.id)] });
    await promoteBotIn(owner, id, manager.made, { manageTopics: true, deleteMessages: true, pinMessages: true });
  }
});
afterAll(() => scenario?.[Symbol.asyncDispose]());

async function createTopic(name: string, bot = manager): Promise<number> {
  return (await bot.call<{ message_thread_id: number }>('createForumTopic', { chat_id: forum, name })).message_thread_id;
}

/** Somebody answers a message; the first one of a topic stands for the topic. @returns the id of the answer */
async function answer(actor: Actor, id: number, replyToMsgId: number, message: string): Promise<number> {
  const replyTo: tl.TypeInputReplyTo = { _: 'inputReplyToMessage', replyToMsgId };
  const { updates } = (await actor.main.change({ _: 'messages.sendMessage', peer: actor.main.inputPeer(id), message, replyTo, randomId: randomLong() })) as tl.RawUpdates;
  return (updates.find((update) => update._ === 'updateMessageID') as tl.RawUpdateMessageID).id;
}

const send = (bot: PollingBot, chat_id: number, text: string, more: object = {}): Promise<Message> => bot.call<Message>('sendMessage', { chat_id, text, ...more });
const inTopic = (id: number): object => ({ message_thread_id: id, is_topic_message: true });

/** Waits until a bot is told of a message with this field. @returns the message */
async function told(bot: PollingBot, field: string): Promise<Message> {
  const has = ({ message }: BotUpdate): boolean => message?.[field] !== undefined;
  return (await bot.until(has)).find(has)!.message as unknown as Message;
}

describe('topics over HTTP', () => {
  test('are made, changed, closed and deleted by a bot, and all bots are told', async () => {
    const made = await manager.call<{ message_thread_id: number }>('createForumTopic', { chat_id: forum, name: ' Knots ', icon_color: 0xffd67e });
    const { message_thread_id } = made;
    expect(made).toEqual({ message_thread_id, name: 'Knots', icon_color: 0xffd67e });
    const topic = { chat_id: forum, message_thread_id };
    expect(await told(reader, 'forum_topic_created')).toMatchObject({ message_id: message_thread_id, ...inTopic(message_thread_id), chat: { is_forum: true }, forum_topic_created: { name: 'Knots' } });
    for (const [method, more, field] of [['editForumTopic', { name: 'Ropes' }, 'forum_topic_edited'], ['closeForumTopic', {}, 'forum_topic_closed'], ['reopenForumTopic', {}, 'forum_topic_reopened']] as const) {
      expect(await manager.call(method, { ...topic, ...more })).toBe(true);
      expect(await told(reader, field)).toMatchObject({ ...inTopic(message_thread_id), [field]: more, reply_to_message: { message_id: message_thread_id, forum_topic_created: { name: 'Knots' } } });
    }
    expect(await manager.call('editForumTopic', topic)).toBe(true);
    await send(manager, forum, 'soon gone', { message_thread_id });
    expect(await manager.call('deleteForumTopic', topic)).toBe(true);
    expect(await manager.refusal('sendMessage', { ...topic, text: 'x' })).toBe('400 Bad Request: message thread not found');
    expect(await manager.refusal('closeForumTopic', topic)).toBe('400 Bad Request: TOPIC_DELETED');
  });

  test('have one that is always there, which can be hidden', async () => {
    const steps = [
      ['editGeneralForumTopic', { name: 'Lobby' }, 'forum_topic_edited'],
      ['closeGeneralForumTopic', {}, 'forum_topic_closed'],
      ['reopenGeneralForumTopic', {}, 'forum_topic_reopened'],
      ['hideGeneralForumTopic', {}, 'general_forum_topic_hidden'],
      ['unhideGeneralForumTopic', {}, 'general_forum_topic_unhidden'],
      // It was closed when it was hidden.
      ['reopenGeneralForumTopic', {}, 'forum_topic_reopened'],
    ] as const;
    for (const [method, more, field] of steps) {
      expect(await manager.call(method, { chat_id: forum, ...more })).toBe(true);
      const message = await told(reader, field);
      expect(message).toMatchObject({ [field]: more });
      expect(message).not.toHaveProperty('message_thread_id');
    }
    const icons = await manager.call<object[]>('getForumTopicIconStickers');
    expect(icons.length).toBeGreaterThan(100);
    expect(icons[0]).toMatchObject({ type: 'custom_emoji', needs_repainting: true, set_name: 'AerogramIcons', custom_emoji_id: expect.stringMatching(/^\d+$/) as string });
  });

  test('have pinned messages of their own', async () => {
    const message_thread_id = await createTopic('Gear');
    const [there, general] = [await send(manager, forum, 'list', { message_thread_id }), await send(manager, forum, 'rules')];
    for (const { message_id } of [there, general]) await manager.call('pinChatMessage', { chat_id: forum, message_id });
    expect(await told(reader, 'pinned_message')).toMatchObject({ ...inTopic(message_thread_id), pinned_message: { message_id: there.message_id } });
    const pinned = async (): Promise<number[]> => {
      const id = [there, general].map(({ message_id }): tl.TypeInputMessage => ({ _: 'inputMessageID', id: message_id }));
      const { messages } = (await owner.main.call({ _: 'channels.getMessages', channel: owner.main.inputChannel(forum), id })) as tl.messages.RawChannelMessages;
      return messages.flatMap((message) => (message._ === 'message' && message.pinned === true ? [message.id] : []));
    };
    const topic = { chat_id: forum, message_thread_id };
    expect(await manager.refusal('unpinAllForumTopicMessages', { chat_id: forum, message_thread_id: 99_999 })).toBe('400 Bad Request: message thread not found');
    expect(await manager.call('unpinAllForumTopicMessages', topic)).toBe(true);
    expect(await pinned()).toEqual([general.message_id]);
    await manager.call('pinChatMessage', { chat_id: forum, message_id: there.message_id });
    expect(await manager.call('unpinAllGeneralForumTopicMessages', { chat_id: forum })).toBe(true);
    expect(await pinned()).toEqual([there.message_id]);
  });

  test('are changed only as the bot may, and where there are any', async () => {
    const message_thread_id = await createTopic('Boots');
    const topic = { chat_id: forum, message_thread_id };
    const refusals: [bot: PollingBot, method: string, params: object, text: string][] = [
      [reader, 'editForumTopic', { name: 'Mine' }, 'not enough rights to edit the topic'],
      [reader, 'closeForumTopic', {}, 'not enough rights to close or open the topic'],
      [reader, 'hideGeneralForumTopic', {}, 'not enough rights to close or open the topic'],
      [reader, 'deleteForumTopic', {}, 'not enough rights to delete the topic'],
      [manager, 'reopenForumTopic', {}, 'TOPIC_NOT_MODIFIED'],
      [manager, 'editForumTopic', { name: ' ' }, 'title must be non-empty'],
      [manager, 'editForumTopic', { message_thread_id: 99_999, name: 'x' }, 'TOPIC_ID_INVALID'],
      [manager, 'closeForumTopic', { message_thread_id: 0 }, 'invalid message thread identifier specified'],
      [manager, 'createForumTopic', { name: '' }, 'title must be non-empty'],
      [manager, 'createForumTopic', { name: 'x', icon_color: 0x1000000 }, 'invalid icon color specified'],
      [manager, 'createForumTopic', { chat_id: plain, name: 'x' }, 'the chat is not a forum'],
      [manager, 'closeGeneralForumTopic', { chat_id: owner.id }, 'the chat is not a forum'],
    ];
    for (const [bot, method, params, text] of refusals) expect([method, await bot.refusal(method, { ...topic, ...params })]).toEqual([method, `400 Bad Request: ${text}`]);
    const forbid = (manageTopics: boolean): Promise<unknown> => owner.main.change({ _: 'messages.editChatDefaultBannedRights', peer: owner.main.inputPeer(forum), bannedRights: { _: 'chatBannedRights', manageTopics, untilDate: 0 } });
    await forbid(true);
    expect(await reader.refusal('createForumTopic', { chat_id: forum, name: 'x' })).toBe('400 Bad Request: not enough rights to create a topic');
    expect(await manager.call('getChat', { chat_id: forum })).toMatchObject({ is_forum: true, permissions: { can_manage_topics: false } });
    await forbid(false);
    expect(await manager.call('getChatMember', { chat_id: forum, user_id: manager.made.id })).toMatchObject({ status: 'administrator', can_manage_topics: true });
    expect(await manager.call('getChat', { chat_id: plain })).not.toHaveProperty('is_forum');
  });
});

describe('a message for a topic', () => {
  test('is sent there by every method, and names it', async () => {
    const message_thread_id = await createTopic('Maps');
    const place = { chat_id: forum, message_thread_id };
    const file = (name: string): File => new File([name], name, { type: 'text/plain' });
    const first = await send(manager, forum, 'first', { message_thread_id });
    expect(first).toMatchObject({ ...inTopic(message_thread_id), reply_to_message: { message_id: message_thread_id, forum_topic_created: { name: 'Maps' } } });
    const source = { from_chat_id: forum, message_id: first.message_id };
    const several = { from_chat_id: forum, message_ids: [first.message_id] };
    const media = [{ type: 'document', media: 'attach://one' }, { type: 'document', media: 'attach://two' }];
    const shown = [
      await manager.call('sendDocument', { ...place, document: file('a.txt') }),
      await manager.call('sendDice', place),
      await manager.call('forwardMessage', { ...place, ...source }),
      ...(await manager.call<Message[]>('sendMediaGroup', { ...place, media, one: file('1.txt'), two: file('2.txt') })),
    ];
    for (const message of shown) expect(message).toMatchObject(inTopic(message_thread_id));
    const copies = [await manager.call('copyMessage', { ...place, ...source }), ...(await manager.call<Message[]>('copyMessages', { ...place, ...several })), ...(await manager.call<Message[]>('forwardMessages', { ...place, ...several }))];
    const list = (await owner.main.call({ _: 'messages.getReplies', peer: owner.main.inputPeer(forum), msgId: message_thread_id, offsetId: 0, offsetDate: 0, addOffset: 0, limit: 50, maxId: 0, minId: 0, hash: randomLong() })) as tl.messages.RawChannelMessages;
    const written = list.messages.map(({ id }) => id);
    for (const { message_id } of [...shown, ...copies] as Message[]) expect(written).toContain(message_id);
    await manager.call('sendChatAction', { ...place, action: 'typing' });
    await owner.main.seesUpdate('updateChannelUserTyping', ({ topMsgId }) => topMsgId === message_thread_id);
  });

  test('may reply to another message there', async () => {
    const message_thread_id = await createTopic('Huts');
    const first = await send(manager, forum, 'first', { message_thread_id });
    const reply = { message_thread_id, reply_parameters: { message_id: first.message_id } };
    expect(await send(manager, forum, 'second', reply)).toMatchObject({ ...inTopic(message_thread_id), reply_to_message: { message_id: first.message_id, text: 'first' } });
    expect(await send(manager, forum, 'third', { reply_parameters: { message_id: first.message_id } })).toMatchObject(inTopic(message_thread_id));
    const lonely = await send(manager, forum, 'lonely', { message_thread_id, reply_parameters: { message_id: 99_999, allow_sending_without_reply: true } });
    expect(lonely).toMatchObject({ ...inTopic(message_thread_id), reply_to_message: { message_id: message_thread_id } });
    expect(await manager.refusal('sendMessage', { chat_id: forum, text: 'x', message_thread_id, reply_parameters: { message_id: 99_999 } })).toBe('400 Bad Request: message to be replied not found');
  });

  test('is refused if there is no such topic, or it is closed', async () => {
    const message_thread_id = await createTopic('Tents');
    const first = await send(manager, forum, 'first', { message_thread_id });
    const inGeneral = await send(manager, forum, 'in General');
    expect(inGeneral).not.toHaveProperty('message_thread_id');
    for (const id of [1, first.message_id, inGeneral.message_id, 99_999]) expect(await manager.refusal('sendMessage', { chat_id: forum, text: 'x', message_thread_id: id })).toBe('400 Bad Request: message thread not found');
    await manager.call('closeForumTopic', { chat_id: forum, message_thread_id });
    expect(await reader.refusal('sendMessage', { chat_id: forum, text: 'x', message_thread_id })).toBe('400 Bad Request: TOPIC_CLOSED');
    expect(await send(manager, forum, 'still', { message_thread_id })).toMatchObject({ text: 'still' });
  });

  test('is seen by a bot in privacy mode if it answers the bot, but not because the bot has made the topic', async () => {
    const topicId = await createTopic('Weather', reader);
    const asked = await send(reader, forum, 'who knows?', { message_thread_id: topicId });
    await answer(friend, forum, topicId, 'to all');
    await answer(friend, forum, asked.message_id, 'I do');
    expect(await reader.untilText('I do')).not.toContain('to all');
    const { message } = (await manager.until((update) => update.message?.text === 'I do')).at(-1)!;
    expect(message).toMatchObject({ ...inTopic(topicId), from: { id: friend.id } });
    await answer(friend, forum, topicId, `later @${reader.made.username}`);
    expect(await manager.untilText(`later @${reader.made.username}`)).not.toContain('who knows?');
    const named = (await reader.until((update) => update.message?.text?.startsWith('later') === true)).at(-1)!;
    expect(named.message).toMatchObject({ ...inTopic(topicId), reply_to_message: { forum_topic_created: { name: 'Weather' } } });
  });
});

describe('a thread of replies over HTTP', () => {
  test('is named by its first message, in which a bot can write', async () => {
    const root = await postIn(owner, plain, 'who comes along?');
    const first = await answer(friend, plain, root, `I do, and @${reader.made.username}`);
    const { message } = (await reader.until((update) => update.message?.text?.startsWith('I do, and') === true)).at(-1)!;
    expect(message).toMatchObject({ message_id: first, message_thread_id: root });
    expect(message).not.toHaveProperty('is_topic_message');
    // The bot does not see the first message, but the reply shows the thread.
    const reply = await send(reader, plain, 'gladly', { message_thread_id: root, reply_parameters: { message_id: first } });
    expect(reply).toMatchObject({ message_thread_id: root, reply_to_message: { message_id: first } });
    const post = await send(manager, plain, 'a new thread');
    expect(post).not.toHaveProperty('message_thread_id');
    const below = await send(manager, plain, 'below', { message_thread_id: post.message_id });
    expect(below).toMatchObject({ message_thread_id: post.message_id, reply_to_message: { message_id: post.message_id } });
    expect(await manager.call('forwardMessage', { chat_id: plain, from_chat_id: plain, message_id: post.message_id, message_thread_id: post.message_id })).toMatchObject({ message_thread_id: post.message_id });
    for (const id of [below.message_id, 1, 99_999]) expect(await manager.refusal('sendMessage', { chat_id: plain, text: 'x', message_thread_id: id })).toBe('400 Bad Request: message thread not found');
  });
});
