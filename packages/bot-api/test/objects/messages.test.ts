import type { tl } from '@aerogram/tl';
import { describe, expect, it } from 'vitest';

import { projectMessages } from '../../src/objects/index.ts';
import { checkObject } from '../object-types.ts';
import { alice, alicePeer, basicGroupPeer, bobPeer, channel, channelPeer, createSource, group, groupPeer, peers, photo, service, text } from './object-world.ts';

type Shown = Record<string, unknown>;

/** The Message objects as JSON, compared with the reference. */
async function shown(messages: readonly tl.Message[], source = createSource(), named: { users: tl.User[]; chats: tl.Chat[] } = peers): Promise<Shown[]> {
  const objects = await projectMessages(source, { messages, ...named });
  expect(checkObject('Message[]', objects)).toEqual([]);
  return JSON.parse(JSON.stringify(objects)) as Shown[];
}

async function shownOne(message: tl.Message, source = createSource()): Promise<Shown> {
  const [object] = await shown([message], source);
  return object!;
}

const aliceUser = { id: 5, is_bot: false, first_name: 'Alice', last_name: 'Ant', username: 'alice', language_code: 'de' };
const aliceChat = { id: 5, type: 'private', first_name: 'Alice', last_name: 'Ant', username: 'alice' };
const newsChat = { id: -1000000000009, type: 'channel', title: 'News' };
const villageChat = { id: -1000000000008, type: 'supergroup', title: 'Village', username: 'village' };

describe('messages as objects of the Bot API', () => {
  it('shows a text with its author, chat and date', async () => {
    expect(await shownOne(text())).toEqual({ message_id: 21, from: aliceUser, chat: aliceChat, date: 1000, text: 'hello' });
  });

  it('takes the other person for the author of a private message that names none, and the bot for the author of its own', async () => {
    expect(await shownOne(text({ from_id: undefined }))).toMatchObject({ from: { id: 5 } });
    expect(await shownOne(text({ from_id: undefined, out: true }))).toMatchObject({ from: { id: 100, is_bot: true } });
  });

  it('keeps the order, and leaves out messages that do not exist', async () => {
    expect((await shown([text({ id: 3 }), { _: 'messageEmpty', id: 4 }, text({ id: 2 })])).map((one) => one['message_id'])).toEqual([3, 2]);
  });

  it('says in whose name a message of a group is written, with an account for old programs', async () => {
    expect(await shownOne(text({ peer_id: groupPeer, from_id: groupPeer, post_author: 'chief' }))).toMatchObject({
      from: { id: 1087968824, username: 'GroupAnonymousBot' }, sender_chat: villageChat, author_signature: 'chief',
    });
    expect(await shownOne(text({ peer_id: groupPeer, from_id: channelPeer }))).toMatchObject({ from: { id: 136817688, username: 'Channel_Bot' }, sender_chat: newsChat });
  });

  it('tells of the copy of a post in the discussion group, and of the comments on it', async () => {
    const copy = (header: Partial<tl.messageFwdHeader>): tl.message =>
      text({ id: 7, peer_id: groupPeer, from_id: channelPeer, fwd_from: { _: 'messageFwdHeader', date: 900, saved_from_peer: channelPeer, saved_from_msg_id: 4, ...header } });
    const byChannel = { from: { id: 777000 }, sender_chat: newsChat, is_automatic_forward: true };
    const origin = { from_id: channelPeer, channel_post: 4 };
    expect(await shownOne(copy(origin))).toMatchObject({ ...byChannel, forward_origin: { type: 'channel', chat: newsChat, message_id: 4, date: 900 } });
    expect(await shownOne(copy(origin))).not.toHaveProperty('message_thread_id');
    expect(await shownOne(copy({ from_id: bobPeer }))).toMatchObject({ ...byChannel, forward_origin: { type: 'user', sender_user: { id: 6 } } });
    expect(await shownOne({ ...copy(origin), from_id: alicePeer })).not.toHaveProperty('is_automatic_forward');
    expect(await shownOne(copy({ ...origin, saved_from_peer: undefined, saved_from_msg_id: undefined }))).not.toHaveProperty('is_automatic_forward');
    const comment = text({ id: 8, peer_id: groupPeer, from_id: channelPeer, reply_to: { _: 'messageReplyHeader', reply_to_msg_id: 7 } });
    expect(await shownOne(comment, createSource([copy(origin)]))).toMatchObject({
      message_thread_id: 7, from: { id: 136817688 }, sender_chat: newsChat, reply_to_message: { message_id: 7, ...byChannel },
    });
  });

  it('shows a post as written by its channel alone', async () => {
    const post = await shownOne(text({ peer_id: channelPeer, from_id: undefined, post: true, post_author: 'Editor' }));
    expect(post).toEqual({ message_id: 21, sender_chat: newsChat, chat: newsChat, date: 1000, author_signature: 'Editor', text: 'hello' });
  });

  it('shows where a message was forwarded from, also in the old fields', async () => {
    const header = { _: 'messageFwdHeader', date: 900 } as const;
    expect(await shownOne(text({ fwd_from: { ...header, from_id: bobPeer } }))).toMatchObject({
      forward_origin: { type: 'user', date: 900, sender_user: { id: 6, is_bot: false, first_name: 'Bob' } }, forward_from: { id: 6 }, forward_date: 900,
    });
    expect(await shownOne(text({ fwd_from: { ...header, from_name: 'Hidden' } }))).toMatchObject({
      forward_origin: { type: 'hidden_user', date: 900, sender_user_name: 'Hidden' }, forward_sender_name: 'Hidden',
    });
    expect(await shownOne(text({ fwd_from: { ...header, from_id: channelPeer, channel_post: 4, post_author: 'Editor' } }))).toMatchObject({
      forward_origin: { type: 'channel', date: 900, chat: newsChat, message_id: 4, author_signature: 'Editor' },
      forward_from_chat: newsChat, forward_from_message_id: 4, forward_signature: 'Editor',
    });
    expect(await shownOne(text({ fwd_from: { ...header, from_id: groupPeer } }))).toMatchObject({ forward_origin: { type: 'chat', sender_chat: villageChat }, forward_from_chat: villageChat });
  });

  it('says to which topic of a forum a message belongs, with the first message of the topic as the one that is replied to', async () => {
    const created = service({ _: 'messageActionTopicCreate', title: 'Cats', icon_color: 1 }, { id: 4, peer_id: groupPeer });
    const first = text({ id: 5, peer_id: groupPeer, message: 'meow', reply_to: { _: 'messageReplyHeader', forum_topic: true, reply_to_msg_id: 4 } });
    const reply = text({ id: 6, peer_id: groupPeer, reply_to: { _: 'messageReplyHeader', forum_topic: true, reply_to_msg_id: 5, reply_to_top_id: 4 } });
    const topic = { message_thread_id: 4, is_topic_message: true };
    expect(await shownOne(first, createSource([created]))).toMatchObject({ ...topic, reply_to_message: { message_id: 4, ...topic, forum_topic_created: { name: 'Cats' } } });
    expect(await shownOne(reply, createSource([created, first]))).toMatchObject({ ...topic, reply_to_message: { message_id: 5, ...topic, text: 'meow' } });
  });

  it('names the first message of a thread of replies, in supergroups alone', async () => {
    const reply = (header: Partial<tl.messageReplyHeader>, peer: tl.Peer = groupPeer): Promise<Shown> => shownOne(text({ peer_id: peer, reply_to: { _: 'messageReplyHeader', reply_to_msg_id: 4, ...header } }));
    expect(await reply({})).toMatchObject({ message_thread_id: 4 });
    expect(await reply({ reply_to_top_id: 2 })).toMatchObject({ message_thread_id: 2 });
    expect(await reply({ reply_to_peer_id: channelPeer })).not.toHaveProperty('message_thread_id');
    expect(await reply({ reply_to_peer_id: channelPeer, reply_to_top_id: 2 })).toMatchObject({ message_thread_id: 2 });
    expect(await reply({})).not.toHaveProperty('is_topic_message');
    for (const other of [basicGroupPeer, channelPeer]) expect(await reply({}, other)).not.toHaveProperty('message_thread_id');
    expect(await shownOne(text({ peer_id: groupPeer }))).not.toHaveProperty('message_thread_id');
  });

  it('contains the message that is replied to, without the one that this replies to', async () => {
    const first = text({ id: 1, message: 'first' });
    const second = text({ id: 2, message: 'second', reply_to: { _: 'messageReplyHeader', reply_to_msg_id: 1 } });
    const third = text({ id: 3, message: 'third', reply_to: { _: 'messageReplyHeader', reply_to_msg_id: 2, quote: true, quote_text: 'eco', quote_offset: 1 } });
    const source = createSource([first, second]);
    const object = await shownOne(third, source);
    expect(object).toMatchObject({ reply_to_message: { message_id: 2, text: 'second' }, quote: { text: 'eco', position: 1, is_manual: true } });
    expect(object['reply_to_message']).not.toHaveProperty('reply_to_message');
    expect(source.requests).toEqual([{ _: 'messages.getMessages', id: [{ _: 'inputMessageID', id: 2 }] }]);
  });

  it('loads the messages that are replied to in one call for each channel, each once, and none that it has', async () => {
    const reply = (id: number, to: number, peer: tl.Peer): tl.message => text({ id, peer_id: peer, reply_to: { _: 'messageReplyHeader', reply_to_msg_id: to } });
    const source = createSource([text({ id: 1, peer_id: groupPeer }), text({ id: 2, peer_id: basicGroupPeer })]);
    const objects = await shown([reply(10, 1, groupPeer), reply(11, 1, groupPeer), reply(12, 10, groupPeer), reply(13, 2, basicGroupPeer)], source);
    expect(objects.map((object) => (object['reply_to_message'] as Shown)['message_id'])).toEqual([1, 1, 10, 2]);
    expect(source.requests).toEqual([
      { _: 'messages.getMessages', id: [{ _: 'inputMessageID', id: 2 }] },
      // A bot may see it only as what the reply replies to, and the reply may be gone by now.
      { _: 'channels.getMessages', channel: { _: 'inputChannel', channel_id: 8n, access_hash: 11n }, id: [{ _: 'inputMessageID', id: 1 }, { _: 'inputMessageReplyTo', id: 11 }] },
    ]);
  });

  it('shows a reply alone if the bot does not see what it replies to, or cannot load it', async () => {
    const reply = text({ reply_to: { _: 'messageReplyHeader', reply_to_msg_id: 1 } });
    expect(await shownOne(reply)).not.toHaveProperty('reply_to_message');
    const refusing = createSource();
    (refusing as { invoke: unknown }).invoke = () => createSource().invoke({ _: 'users.getUsers', id: [] });
    expect(await shownOne(reply, refusing)).toMatchObject({ text: 'hello' });
  });

  it('does not hide faults of the server behind a missing reply', async () => {
    const broken = createSource();
    (broken as { invoke: unknown }).invoke = () => Promise.reject(new TypeError('broken'));
    const reply = text({ reply_to: { _: 'messageReplyHeader', reply_to_msg_id: 1 } });
    await expect(projectMessages(broken, { messages: [reply], ...peers })).rejects.toThrow('broken');
  });

  it('tells of a reply to a message of another chat', async () => {
    const reply_from: tl.messageFwdHeader = { _: 'messageFwdHeader', from_id: channelPeer, date: 800, channel_post: 4 };
    const header: tl.messageReplyHeader = { _: 'messageReplyHeader', reply_to_peer_id: channelPeer, reply_to_msg_id: 4, reply_from, reply_media: { _: 'messageMediaPhoto', photo } };
    const object = await shownOne(text({ reply_to: header }));
    expect(object).toMatchObject({ external_reply: { origin: { type: 'channel', date: 800 }, chat: newsChat, message_id: 4, photo: [{ width: 320 }, { width: 1280 }] } });
    expect(object).not.toHaveProperty('reply_to_message');
  });

  it('shows buttons below a message, and no other keyboards', async () => {
    const button = (label: string, type: tl.InlineButtonType): tl.keyboardInlineButton => ({ _: 'keyboardInlineButton', text: label, type });
    const buttons: tl.KeyboardInlineButton[] = [
      button('Site', { _: 'inlineButtonTypeUrl', url: 'https://example.org/' }),
      button('Log in', { _: 'inlineButtonTypeUrlAuth', url: 'https://example.org/in', button_id: 1 }),
      { ...button('Press', { _: 'inlineButtonTypeCallback', data: new TextEncoder().encode('däta') }), style: { _: 'keyboardButtonStyle', bg_danger: true } },
      button('Here', { _: 'inlineButtonTypeSwitchInline', query: 'a', same_peer: true }),
      button('There', { _: 'inlineButtonTypeSwitchInline', query: 'b' }),
      button('Groups', { _: 'inlineButtonTypeSwitchInline', query: 'c', peer_types: [{ _: 'inlineQueryPeerTypeMegagroup' }] }),
      button('Copy', { _: 'inlineButtonTypeCopy', copy_text: 'd' }),
    ];
    const object = await shownOne(text({ reply_markup: { _: 'replyInlineMarkup', rows: [{ _: 'keyboardInlineButtonRow', buttons }] } }));
    expect(object['reply_markup']).toEqual({
      inline_keyboard: [[
        { text: 'Site', url: 'https://example.org/' },
        { text: 'Log in', url: 'https://example.org/in' },
        { text: 'Press', callback_data: 'däta', style: 'danger' },
        { text: 'Here', switch_inline_query_current_chat: 'a' },
        { text: 'There', switch_inline_query: 'b' },
        { text: 'Groups', switch_inline_query_chosen_chat: { query: 'c', allow_user_chats: false, allow_bot_chats: false, allow_group_chats: true, allow_channel_chats: false } },
        { text: 'Copy', copy_text: { text: 'd' } },
      ]],
    });
    expect(await shownOne(text({ reply_markup: { _: 'replyKeyboardHide' } }))).not.toHaveProperty('reply_markup');
  });

  it('says what the author wished for the link preview', async () => {
    const entities: tl.MessageEntity[] = [{ _: 'messageEntityTextUrl', offset: 0, length: 5, url: 'https://example.org/' }];
    const webpage: tl.webPageEmpty = { _: 'webPageEmpty', id: 1n, url: 'https://example.org/' };
    expect(await shownOne(text({ entities }))).toMatchObject({ link_preview_options: { is_disabled: true } });
    expect(await shownOne(text({ entities, media: { _: 'messageMediaWebPage', webpage } }))).not.toHaveProperty('link_preview_options');
    expect(await shownOne(text({ entities, invert_media: true, media: { _: 'messageMediaWebPage', webpage, manual: true, force_small_media: true } }))).toMatchObject({
      link_preview_options: { url: 'https://example.org/', prefer_small_media: true, show_above_text: true },
    });
    expect(await shownOne(text())).not.toHaveProperty('link_preview_options');
  });

  it('says that a message is protected if it or its chat is', async () => {
    expect(await shownOne(text({ noforwards: true }))).toMatchObject({ has_protected_content: true });
    const named = { ...peers, chats: [{ ...group, noforwards: true }, channel] };
    expect((await shown([text({ peer_id: groupPeer })], createSource(), named))[0]).toMatchObject({ has_protected_content: true });
    expect(await shownOne(text({ peer_id: groupPeer }))).not.toHaveProperty('has_protected_content');
  });

  it('names the bot whose inline result a message is, when it was edited, and whom it mentions', async () => {
    const entities: tl.MessageEntity[] = [{ _: 'messageEntityMentionName', offset: 0, length: 5, user_id: alice.id }];
    expect(await shownOne(text({ via_bot_id: 100n, edit_date: 1100, from_rank: 'baker', entities }))).toMatchObject({
      via_bot: { id: 100, is_bot: true, username: 'robot_bot' }, edit_date: 1100, sender_tag: 'baker', entities: [{ type: 'text_mention', user: aliceUser }],
    });
  });

  it('shows users and chats of which nothing is known without a name', async () => {
    const [object] = await shown([text({ peer_id: { _: 'peerChannel', channel_id: 77n }, from_id: { _: 'peerUser', user_id: 78n } })]);
    expect(object).toMatchObject({ from: { id: 78, is_bot: false, first_name: '' }, chat: { id: -1000000000077, type: 'supergroup', title: '' } });
    const deleted: tl.user = { _: 'user', id: 5n, deleted: true };
    expect((await shown([text()], createSource(), { users: [deleted], chats: [] }))[0]).toMatchObject({ from: { id: 5, first_name: '' }, chat: { first_name: '' } });
  });
});
