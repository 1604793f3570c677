import type { tl } from '@aerogram/tl';
import { describe, expect, it } from 'vitest';

import { projectMessages } from '../../src/objects/index.ts';
import { checkObject } from '../object-types.ts';
import { alicePeer, basicGroupPeer, bobPeer, channelPeer, createSource, document, groupPeer, peers, photo, service, text } from './object-world.ts';

/** What a service message says besides its place, as JSON; undefined if bots are not shown it. */
async function said(action: tl.MessageAction, fields: Partial<tl.messageService> = {}, seen: tl.Message[] = []): Promise<Record<string, unknown> | undefined> {
  const [object] = await projectMessages(createSource(seen), { messages: [service(action, fields)], ...peers });
  if (object === undefined) return undefined;
  expect(checkObject('Message', object)).toEqual([]);
  const { message_id, chat, date, from, sender_chat, ...rest } = JSON.parse(JSON.stringify(object)) as Record<string, unknown>;
  expect({ message_id, date, hasChat: chat !== undefined, hasAuthor: (from ?? sender_chat) !== undefined }).toEqual({ message_id: 22, date: 1000, hasChat: true, hasAuthor: true });
  return rest;
}

const alice = { id: 5, is_bot: false, first_name: 'Alice', last_name: 'Ant', username: 'alice', language_code: 'de' };
const bob = { id: 6, is_bot: false, first_name: 'Bob' };

describe('service messages as objects of the Bot API', () => {
  it('tells of new chats', async () => {
    expect(await said({ _: 'messageActionChatCreate', title: 'Garden', users: [100n] })).toEqual({ group_chat_created: true });
    expect(await said({ _: 'messageActionChannelCreate', title: 'Village' }, { peer_id: groupPeer })).toEqual({ supergroup_chat_created: true });
    expect(await said({ _: 'messageActionChannelCreate', title: 'News' }, { peer_id: channelPeer, from_id: undefined })).toEqual({ channel_chat_created: true });
  });

  it('tells of members who come and go, also in the old fields', async () => {
    expect(await said({ _: 'messageActionChatAddUser', users: [6n, 5n] })).toEqual({ new_chat_participant: bob, new_chat_member: bob, new_chat_members: [bob, alice] });
    expect(await said({ _: 'messageActionChatJoinedByLink', inviter_id: 6n })).toMatchObject({ new_chat_members: [alice] });
    expect(await said({ _: 'messageActionChatJoinedByRequest' })).toMatchObject({ new_chat_members: [alice] });
    expect(await said({ _: 'messageActionChatDeleteUser', user_id: 6n })).toEqual({ left_chat_member: bob, left_chat_participant: bob });
  });

  it('tells of another title, photo or owner', async () => {
    expect(await said({ _: 'messageActionChatEditTitle', title: 'Orchard' })).toEqual({ new_chat_title: 'Orchard' });
    expect(await said({ _: 'messageActionChatEditPhoto', photo })).toMatchObject({ new_chat_photo: [{ file_id: 'chat_photo 50 m' }, { file_id: 'chat_photo 50 y' }] });
    expect(await said({ _: 'messageActionChatDeletePhoto' })).toEqual({ delete_chat_photo: true });
    expect(await said({ _: 'messageActionChangeCreator', new_creator_id: 6n })).toEqual({ chat_owner_changed: { new_owner: bob } });
    expect(await said({ _: 'messageActionNewCreatorPending', new_creator_id: 6n })).toEqual({ chat_owner_left: { new_owner: bob } });
  });

  it('tells of a group that became a supergroup, on both sides', async () => {
    expect(await said({ _: 'messageActionChatMigrateTo', channel_id: 8n })).toEqual({ migrate_to_chat_id: -1000000000008 });
    expect(await said({ _: 'messageActionChannelMigrateFrom', title: 'Garden', chat_id: 7n }, { peer_id: groupPeer })).toEqual({ migrate_from_chat_id: -7 });
  });

  it('tells of answers of a poll that were added or deleted, with the poll if the bot sees it', async () => {
    const answer: tl.pollAnswer = { _: 'pollAnswer', text: { _: 'textWithEntities', text: 'blue', entities: [] }, option: Uint8Array.of(50), added_by: alicePeer, date: 900 };
    const poll: tl.poll = { _: 'poll', id: 70n, question: { _: 'textWithEntities', text: 'Which?', entities: [] }, answers: [answer], hash: 1n };
    const asked = text({ id: 9, peer_id: basicGroupPeer, message: 'for the door', media: { _: 'messageMediaPoll', poll, results: { _: 'pollResults' } } });
    const fields: Partial<tl.messageService> = { reply_to: { _: 'messageReplyHeader', reply_to_msg_id: 9 } };
    expect(await said({ _: 'messageActionPollAppendAnswer', answer }, fields, [asked])).toMatchObject({
      poll_option_added: {
        option_persistent_id: '2', option_text: 'blue',
        poll_message: { message_id: 9, poll: { id: '70', description: 'for the door', options: [{ text: 'blue', added_by_user: { id: 5 }, addition_date: 900 }] } },
      },
    });
    expect(await said({ _: 'messageActionPollDeleteAnswer', answer }, fields)).toEqual({ poll_option_deleted: { option_persistent_id: '2', option_text: 'blue' } });
  });

  it('contains the message that was pinned, or says that the bot does not see it', async () => {
    const pin = { reply_to: { _: 'messageReplyHeader', reply_to_msg_id: 9 } } as const;
    const pinned = text({ id: 9, peer_id: basicGroupPeer, message: 'rules' });
    expect(await said({ _: 'messageActionPinMessage' }, pin, [pinned])).toMatchObject({ pinned_message: { message_id: 9, text: 'rules' } });
    expect(await said({ _: 'messageActionPinMessage' }, pin)).toMatchObject({ pinned_message: { message_id: 9, date: 0, chat: { id: -7 } } });
    expect(await said({ _: 'messageActionPinMessage' })).toBeUndefined();
  });

  it('tells of tasks of checklists that are done or new, with the list if the bot sees it', async () => {
    const reply = { reply_to: { _: 'messageReplyHeader', reply_to_msg_id: 9 } } as const;
    const title: tl.textWithEntities = { _: 'textWithEntities', text: 'Tent', entities: [] };
    const list: tl.todoItem[] = [{ _: 'todoItem', id: 4, title }];
    const of = text({ id: 9, peer_id: basicGroupPeer, message: '', media: { _: 'messageMediaToDo', todo: { _: 'todoList', title, list } } });
    expect(await said({ _: 'messageActionTodoCompletions', completed: [4], incompleted: [] }, reply, [of])).toEqual({
      checklist_tasks_done: { checklist_message: expect.objectContaining({ message_id: 9, checklist: { title: 'Tent', tasks: [{ id: 4, text: 'Tent' }] } }) as unknown, marked_as_done_task_ids: [4] },
    });
    expect(await said({ _: 'messageActionTodoCompletions', completed: [], incompleted: [4] }, reply)).toEqual({ checklist_tasks_done: { marked_as_not_done_task_ids: [4] } });
    expect(await said({ _: 'messageActionTodoAppendTasks', list }, reply)).toEqual({ checklist_tasks_added: { tasks: [{ id: 4, text: 'Tent' }] } });
  });

  it('tells of the lifetime of messages, and of people who come close to each other', async () => {
    expect(await said({ _: 'messageActionSetMessagesTTL', period: 86_400 })).toEqual({ message_auto_delete_timer_changed: { message_auto_delete_time: 86_400 } });
    expect(await said({ _: 'messageActionGeoProximityReached', from_id: alicePeer, to_id: bobPeer, distance: 50 })).toEqual({
      proximity_alert_triggered: { traveler: alice, watcher: bob, distance: 50 },
    });
  });

  it('describes a background that was set', async () => {
    const settings = { _: 'wallPaperSettings', intensity: 40 } as const;
    const set = (wallpaper: tl.WallPaper): Promise<unknown> => said({ _: 'messageActionSetChatWallPaper', wallpaper }, { peer_id: alicePeer });
    const fill = { _: 'wallPaperNoFile', id: 0n } as const;
    const file = { _: 'wallPaper', id: 1n, access_hash: 1n, slug: 's', document: document('image/jpeg', []) } as const;
    expect(await set({ ...fill, settings: { ...settings, background_color: 1 } })).toEqual({ chat_background_set: { type: { type: 'fill', fill: { type: 'solid', color: 1 }, dark_theme_dimming: 40 } } });
    expect(await set({ ...fill, settings: { ...settings, background_color: 1, second_background_color: 2, rotation: 45 } })).toMatchObject({
      chat_background_set: { type: { fill: { type: 'gradient', top_color: 1, bottom_color: 2, rotation_angle: 45 } } },
    });
    expect(await set({ ...fill, settings: { ...settings, background_color: 1, second_background_color: 2, third_background_color: 3 } })).toMatchObject({
      chat_background_set: { type: { fill: { type: 'freeform_gradient', colors: [1, 2, 3] } } },
    });
    expect(await set({ ...fill, settings: { ...settings, emoticon: '🏠' } })).toEqual({ chat_background_set: { type: { type: 'chat_theme', theme_name: '🏠' } } });
    expect(await set({ ...file, settings: { ...settings, blur: true } })).toMatchObject({
      chat_background_set: { type: { type: 'wallpaper', document: { file_id: 'document 60' }, dark_theme_dimming: 40, is_blurred: true } },
    });
    expect(await set({ ...file, pattern: true, settings: { ...settings, intensity: -30, background_color: 1 } })).toMatchObject({
      chat_background_set: { type: { type: 'pattern', fill: { type: 'solid', color: 1 }, intensity: 30, is_inverted: true } },
    });
    expect(await set(fill)).toBeUndefined();
  });

  it('tells what somebody has chosen for a key, and that the bot may write', async () => {
    const sent = { _: 'messageActionRequestedPeerSentMe', button_id: 4 } as const;
    const chosen = { _: 'requestedPeerUser', user_id: 6n, first_name: 'Bob', photo } as const;
    expect(await said({ ...sent, peers: [chosen] })).toMatchObject({
      user_shared: { request_id: 4, user_id: 6 },
      users_shared: { request_id: 4, users: [{ user_id: 6, first_name: 'Bob', photo: [{ file_id: 'profile_photo 50 m' }, {}] }] },
    });
    expect(await said({ ...sent, peers: [chosen, { _: 'requestedPeerUser', user_id: 5n }] })).not.toHaveProperty('user_shared');
    expect(await said({ ...sent, peers: [{ _: 'requestedPeerChannel', channel_id: 8n, title: 'Village', username: 'village' }] })).toEqual({
      chat_shared: { request_id: 4, chat_id: -1000000000008, title: 'Village', username: 'village' },
    });
    expect(await said({ ...sent, peers: [{ _: 'requestedPeerChat', chat_id: 7n }] })).toEqual({ chat_shared: { request_id: 4, chat_id: -7 } });
    expect(await said({ _: 'messageActionBotAllowed', from_request: true })).toEqual({ write_access_allowed: { from_request: true } });
  });

  it('tells of topics of a forum, and to which topic it belongs', async () => {
    const inTopic = { peer_id: groupPeer, reply_to: { _: 'messageReplyHeader', forum_topic: true, reply_to_msg_id: 9 } } as const;
    const created = service({ _: 'messageActionTopicCreate', title: 'Cats', icon_color: 0x6fb9f0 }, { id: 9, peer_id: groupPeer });
    const topic = { message_thread_id: 9, is_topic_message: true };
    const root = { message_id: 9, ...topic, forum_topic_created: { name: 'Cats', icon_color: 0x6fb9f0 } };
    expect(await said(created.action, { peer_id: groupPeer })).toEqual({ message_thread_id: 22, is_topic_message: true, forum_topic_created: { name: 'Cats', icon_color: 0x6fb9f0 } });
    const edited = (fields: Partial<tl.messageActionTopicEdit>): Promise<unknown> => said({ _: 'messageActionTopicEdit', ...fields }, inTopic, [created]);
    expect(await edited({ title: 'Dogs' })).toEqual({ ...topic, reply_to_message: expect.objectContaining(root) as unknown, forum_topic_edited: { name: 'Dogs' } });
    expect(await edited({ icon_emoji_id: 0n })).toMatchObject({ forum_topic_edited: { icon_custom_emoji_id: '' } });
    expect(await edited({ closed: true })).toMatchObject({ ...topic, forum_topic_closed: {} });
    expect(await edited({ closed: false })).toMatchObject({ ...topic, forum_topic_reopened: {} });
    const ofGeneral = (hidden: boolean): Promise<unknown> => said({ _: 'messageActionTopicEdit', hidden }, { peer_id: groupPeer });
    expect(await ofGeneral(true)).toEqual({ general_forum_topic_hidden: {} });
    expect(await ofGeneral(false)).toEqual({ general_forum_topic_unhidden: {} });
  });

  it('says in which topic a message was pinned, and of no other group that it is in a thread', async () => {
    const pinned = text({ id: 9, peer_id: groupPeer, message: 'rules' });
    const pin = (header: Partial<tl.messageReplyHeader>): Promise<unknown> =>
      said({ _: 'messageActionPinMessage' }, { peer_id: groupPeer, reply_to: { _: 'messageReplyHeader', reply_to_msg_id: 9, ...header } }, [pinned]);
    expect(await pin({ forum_topic: true, reply_to_top_id: 4 })).toEqual({ message_thread_id: 4, is_topic_message: true, pinned_message: expect.objectContaining({ message_id: 9, text: 'rules' }) as unknown });
    expect(await pin({})).toEqual({ pinned_message: expect.objectContaining({ message_id: 9 }) as unknown });
  });

  it('leaves out what bots are not told', async () => {
    expect(await said({ _: 'messageActionHistoryClear' })).toBeUndefined();
    expect(await said({ _: 'messageActionContactSignUp' })).toBeUndefined();
    expect(await said({ _: 'messageActionSuggestProfilePhoto', photo })).toBeUndefined();
  });
});
