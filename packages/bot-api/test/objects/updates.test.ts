import type { tl } from '@aerogram/tl';
import { describe, expect, it } from 'vitest';

import { projectUpdates, readInlineMessageId, type UpdateObject } from '../../src/objects/index.ts';
import { checkObject } from '../object-types.ts';
import { alice, alicePeer, basicGroupPeer, bob, bot, channelPeer, createSource, groupPeer, peers, service, text } from './object-world.ts';

type Source = ReturnType<typeof createSource>;

/** The updates that these MTProto updates stand for, with values as JSON. */
async function told(updates: tl.Update[], source: Source = createSource(), named: { users: tl.User[]; chats: tl.Chat[] } = peers): Promise<UpdateObject[]> {
  const objects = await projectUpdates(source, { _: 'updates', updates, ...named, date: 2000, seq: 0 });
  for (const { name, value } of objects) expect(checkObject('Update', { update_id: 1, [name]: value })).toEqual([]);
  return objects.map((object) => ({ ...object, value: JSON.parse(JSON.stringify(object.value)) as object }));
}

const news = (message: tl.Message): tl.updateNewMessage => ({ _: 'updateNewMessage', message, pts: 1, pts_count: 1 });
const channelNews = (message: tl.Message): tl.updateNewChannelMessage => ({ _: 'updateNewChannelMessage', message, pts: 1, pts_count: 1 });
const edit = (message: tl.Message): tl.updateEditMessage => ({ _: 'updateEditMessage', message, pts: 1, pts_count: 1 });
const channelEdit = (message: tl.Message): tl.updateEditChannelMessage => ({ _: 'updateEditChannelMessage', message, pts: 1, pts_count: 1 });

const GROUP_ID = -1000000000008n;
const invite: tl.chatInviteExported = { _: 'chatInviteExported', link: 'https://example.org/+abc', admin_id: 5n, date: 1, request_needed: true, title: 'Door', usage_limit: 10, requested: 2 };

describe('updates of the Bot API', () => {
  it('tells of messages and posts, old and edited, in order', async () => {
    const post = text({ peer_id: channelPeer, from_id: undefined, post: true });
    const updates = await told([news(text()), channelNews(text({ peer_id: groupPeer })), channelNews(post), edit(text({ edit_date: 1500 })), channelEdit({ ...post, edit_date: 1600 })]);
    expect(updates.map(({ name, date, queue }) => ({ name, date, queue }))).toEqual([
      { name: 'message', date: 1000, queue: 5n },
      { name: 'message', date: 1000, queue: GROUP_ID },
      { name: 'channel_post', date: 1000, queue: -1000000000009n },
      { name: 'edited_message', date: 1500, queue: 5n },
      { name: 'edited_channel_post', date: 1600, queue: -1000000000009n },
    ]);
  });

  it('tells of an edit that clients do not mark as one', async () => {
    const [update] = await told([edit(text({ edit_date: 1500, edit_hide: true }))]);
    expect(update).toMatchObject({ name: 'edited_message', date: 1500, value: { edit_date: 1500 } });
  });

  it("leaves out the bot's own messages and their edits, but not service messages that it caused", async () => {
    const own = text({ out: true });
    const renamed = service({ _: 'messageActionChatEditTitle', title: 'Orchard' }, { out: true, from_id: { _: 'peerUser', user_id: bot.id } });
    const updates = await told([news(own), edit({ ...own, edit_date: 1500 }), channelNews({ ...own, peer_id: channelPeer, from_id: undefined }), news(renamed)]);
    expect(updates).toMatchObject([{ name: 'message', value: { new_chat_title: 'Orchard', from: { id: 100 } } }]);
  });

  it('leaves out what bots are not told', async () => {
    const scheduled: tl.updateNewScheduledMessage = { _: 'updateNewScheduledMessage', message: text() };
    expect(await told([scheduled, { _: 'updateDeleteMessages', messages: [1], pts: 1, pts_count: 1 }, news({ _: 'messageEmpty', id: 3 }), news(service({ _: 'messageActionHistoryClear' }))])).toEqual([]);
    expect(await projectUpdates(createSource(), { _: 'updatesTooLong' })).toEqual([]);
  });

  it('reads a single update that comes without users and chats', async () => {
    const update: tl.updateBotInlineQuery = { _: 'updateBotInlineQuery', query_id: 9n, user_id: 5n, query: 'cats', offset: '' };
    expect(await projectUpdates(createSource(), { _: 'updateShort', update, date: 2000 })).toMatchObject([{ name: 'inline_query', date: 2000, value: { from: { id: 5 } } }]);
  });

  it('contains the message whose button was pressed, and what it replies to', async () => {
    const first = text({ id: 1 });
    const pressed = text({ id: 2, out: true, from_id: { _: 'peerUser', user_id: bot.id }, reply_to: { _: 'messageReplyHeader', reply_to_msg_id: 1 } });
    const update: tl.updateBotCallbackQuery = { _: 'updateBotCallbackQuery', query_id: 90n, user_id: 5n, peer: alicePeer, msg_id: 2, chat_instance: -3n, data: new TextEncoder().encode('yes') };
    expect(await told([update], createSource([first, pressed]))).toMatchObject([
      {
        name: 'callback_query', date: 2000, queue: 5n,
        value: { id: '90', from: { id: 5 }, chat_instance: '-3', data: 'yes', message: { message_id: 2, from: { id: 100 }, reply_to_message: { message_id: 1 } } },
      },
    ]);
    expect(await told([update])).toMatchObject([{ value: { message: { message_id: 2, date: 0, chat: { id: 5 } } } }]);
  });

  it('names the message of an inline result so that the name can be read', async () => {
    const msg_id: tl.inputBotInlineMessageID64 = { _: 'inputBotInlineMessageID64', dc_id: 2, owner_id: -1000000000008n, id: 31, access_hash: -77n };
    const pressed: tl.updateInlineBotCallbackQuery = { _: 'updateInlineBotCallbackQuery', query_id: 90n, user_id: 5n, msg_id, chat_instance: 3n, data: Uint8Array.of(97) };
    const chosen: tl.updateBotInlineSend = { _: 'updateBotInlineSend', user_id: 6n, query: 'cats', id: 'r1', msg_id };
    const [first, second] = await told([pressed, chosen]);
    const { inline_message_id: id } = first!.value as { inline_message_id: string };
    expect(readInlineMessageId(id)).toEqual(msg_id);
    expect(first).toMatchObject({ name: 'callback_query', value: { data: 'a' } });
    expect(second).toEqual({ name: 'chosen_inline_result', date: 2000, queue: 6n, value: { result_id: 'r1', from: { id: 6, is_bot: false, first_name: 'Bob' }, query: 'cats', inline_message_id: id } });
    for (const wrong of ['', 'abc', `${id}A`, `B${id.slice(1)}`, `${id} `]) expect(readInlineMessageId(wrong)).toBeUndefined();
  });

  it('tells of inline queries, from where they come, and where the person is', async () => {
    const geo: tl.geoPoint = { _: 'geoPoint', lat: 1.5, long: 2.5, access_hash: 0n };
    const update: tl.updateBotInlineQuery = { _: 'updateBotInlineQuery', query_id: 9n, user_id: 5n, query: 'cats', offset: '20', geo, peer_type: { _: 'inlineQueryPeerTypeSameBotPM' } };
    expect(await told([update])).toMatchObject([
      { name: 'inline_query', queue: 5n, value: { id: '9', query: 'cats', offset: '20', chat_type: 'sender', location: { latitude: 1.5, longitude: 2.5 } } },
    ]);
  });

  it('tells of members, and apart from them of the bot itself', async () => {
    const joined: tl.updateChatParticipant = {
      _: 'updateChatParticipant', chat_id: 7n, date: 1200, actor_id: 5n, user_id: 6n, qts: 1, invite,
      new_participant: { _: 'chatParticipant', user_id: 6n, inviter_id: 5n, date: 1200 },
    };
    const promoted: tl.updateChannelParticipant = {
      _: 'updateChannelParticipant', channel_id: 8n, date: 1300, actor_id: 5n, user_id: bot.id, qts: 2, via_chatlist: true,
      prev_participant: { _: 'channelParticipantSelf', user_id: bot.id, inviter_id: 5n, date: 1200 },
      new_participant: { _: 'channelParticipantAdmin', user_id: bot.id, promoted_by: 5n, date: 1300, admin_rights: { _: 'chatAdminRights', delete_messages: true } },
    };
    const updates = await told([joined, promoted]);
    expect(updates).toMatchObject([
      {
        name: 'chat_member', date: 1200, queue: -7n,
        value: { from: { id: 5 }, old_chat_member: { status: 'left', user: { id: 6 } }, new_chat_member: { status: 'member', user: { id: 6 } }, invite_link: { invite_link: invite.link, name: 'Door' } },
      },
      {
        name: 'my_chat_member', date: 1300, queue: GROUP_ID,
        value: { old_chat_member: { status: 'member' }, new_chat_member: { status: 'administrator', can_delete_messages: true, can_pin_messages: false }, via_chat_folder_invite_link: true },
      },
    ]);
    expect(updates[1]!.value).not.toHaveProperty('via_join_request');
  });

  it('says that somebody came by a request without a link', async () => {
    const update: tl.updateChannelParticipant = {
      _: 'updateChannelParticipant', channel_id: 8n, date: 1300, actor_id: 5n, user_id: 6n, qts: 2, invite: { _: 'chatInvitePublicJoinRequests' },
      new_participant: { _: 'channelParticipant', user_id: 6n, date: 1300 },
    };
    const [told1] = await told([update]);
    expect(told1!.value).toMatchObject({ via_join_request: true });
    expect(told1!.value).not.toHaveProperty('invite_link');
  });

  it('tells that somebody has blocked the bot, or not any more, also where the bot itself does not come along', async () => {
    const source = createSource([], { 'users.getUsers': [bot] });
    const stop = (stopped: boolean): tl.updateBotStopped => ({ _: 'updateBotStopped', user_id: 5n, date: 1400, stopped, qts: 1 });
    const [out, back] = await told([stop(true), stop(false)], source, { users: [alice], chats: [] });
    expect(out).toMatchObject({
      name: 'my_chat_member', date: 1400, queue: 5n,
      value: { chat: { id: 5, type: 'private' }, from: { id: 5 }, old_chat_member: { status: 'member', user: { id: 100, username: 'robot_bot' } }, new_chat_member: { status: 'kicked', until_date: 0 } },
    });
    expect(back).toMatchObject({ value: { old_chat_member: { status: 'kicked' }, new_chat_member: { status: 'member' } } });
    expect(source.requests).toHaveLength(1);
  });

  it('tells of requests to join', async () => {
    const update: tl.updateBotChatInviteRequester = { _: 'updateBotChatInviteRequester', peer: groupPeer, date: 1500, user_id: 6n, about: 'I live here', invite, qts: 1 };
    expect(await told([update])).toEqual([
      {
        name: 'chat_join_request', date: 1500, queue: GROUP_ID,
        value: {
          chat: { id: -1000000000008, type: 'supergroup', title: 'Village', username: 'village' },
          from: { id: 6, is_bot: false, first_name: 'Bob' }, user_chat_id: 6, date: 1500, bio: 'I live here',
          invite_link: {
            invite_link: invite.link, creator: { id: 5, is_bot: false, first_name: 'Alice', last_name: 'Ant', username: 'alice', language_code: 'de' },
            creates_join_request: true, is_primary: false, is_revoked: false, name: 'Door', member_limit: 10, pending_join_request_count: 2,
          },
        },
      },
    ]);
  });

  it('tells how polls stand, and who has voted for what', async () => {
    const words = (text: string): tl.textWithEntities => ({ _: 'textWithEntities', text, entities: [] });
    const answers = ['red', 'green'].map((text, at): tl.pollAnswer => ({ _: 'pollAnswer', text: words(text), option: Uint8Array.of(48 + at) }));
    const poll: tl.poll = { _: 'poll', id: 70n, quiz: true, public_voters: true, question: words('Which?'), answers, close_period: 60, close_date: 1900, hash: 1n };
    const voters = answers.map(({ option }, at): tl.pollAnswerVoters => ({ _: 'pollAnswerVoters', option, voters: at, correct: at === 1 || undefined, recent_voters: [] }));
    const results: tl.pollResults = { _: 'pollResults', results: voters, total_voters: 1, solution: 'Leaves', solution_entities: [] };
    const state: tl.updateMessagePoll = { _: 'updateMessagePoll', poll_id: 70n, poll, results };
    const voted = (peer: tl.Peer, ...places: number[]): tl.updateMessagePollVote => ({ _: 'updateMessagePollVote', poll_id: 70n, peer, options: places.map((at) => Uint8Array.of(48 + at)), positions: places, qts: 1 });
    const updates = await told([state, voted(alicePeer, 1), voted(channelPeer), { ...state, poll: undefined }]);
    expect(updates).toMatchObject([
      {
        name: 'poll', date: 2000, queue: 70n,
        value: {
          id: '70', question: 'Which?', type: 'quiz', is_anonymous: false, is_closed: false, total_voter_count: 1, correct_option_ids: [1], correct_option_id: 1, explanation: 'Leaves', open_period: 60, close_date: 1900,
          options: [{ text: 'red', persistent_id: '0', voter_count: 0 }, { text: 'green', persistent_id: '1', voter_count: 1 }],
        },
      },
      { name: 'poll_answer', date: 2000, queue: 70n, value: { poll_id: '70', user: { id: 5 }, option_ids: [1], option_persistent_ids: ['1'] } },
      { name: 'poll_answer', value: { voter_chat: { id: -1000000000009 }, option_ids: [], option_persistent_ids: [] } },
    ]);
    expect(updates).toHaveLength(3);
  });

  it('tells of reactions: who has given what in groups, and the totals in channels', async () => {
    const emoji = (emoticon: string): tl.reactionEmoji => ({ _: 'reactionEmoji', emoticon });
    const given = (actor: tl.Peer): tl.updateBotMessageReaction => ({ _: 'updateBotMessageReaction', peer: groupPeer, msg_id: 3, date: 1700, actor, old_reactions: [], new_reactions: [emoji('👍'), { _: 'reactionCustomEmoji', document_id: 8n }], qts: 1 });
    const counts: tl.updateBotMessageReactions = { _: 'updateBotMessageReactions', peer: channelPeer, msg_id: 4, date: 1800, reactions: [{ _: 'reactionCount', reaction: emoji('🔥'), count: 12 }], qts: 2 };
    expect(await told([given(alicePeer), given(groupPeer), counts])).toMatchObject([
      { name: 'message_reaction', date: 1700, queue: GROUP_ID, value: { message_id: 3, user: { id: 5 }, old_reaction: [], new_reaction: [{ type: 'emoji', emoji: '👍' }, { type: 'custom_emoji', custom_emoji_id: '8' }] } },
      { name: 'message_reaction', value: { actor_chat: { id: Number(GROUP_ID) } } },
      { name: 'message_reaction_count', date: 1800, queue: -1000000000009n, value: { message_id: 4, reactions: [{ type: { type: 'emoji', emoji: '🔥' }, total_count: 12 }] } },
    ]);
  });

  it('loads what is replied to once for all updates', async () => {
    const source = createSource([text({ id: 1, peer_id: basicGroupPeer })]);
    const reply = (id: number): tl.Update => news(text({ id, peer_id: basicGroupPeer, reply_to: { _: 'messageReplyHeader', reply_to_msg_id: 1 } }));
    const updates = await told([reply(3), reply(4)], source, { users: [alice, bob], chats: peers.chats });
    expect(updates.map(({ value }) => value)).toMatchObject([{ reply_to_message: { message_id: 1 } }, { reply_to_message: { message_id: 1 } }]);
    expect(source.requests).toHaveLength(1);
  });
});
