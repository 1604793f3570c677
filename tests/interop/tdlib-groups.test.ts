import { describe, expect, test } from 'vitest';
import type { Plain } from './driver-client.ts';
import { MISSING, TDLIB_ID_STEP, useLibraries } from './libraries.ts';
import { enter, type Person } from './people-of-libraries.ts';

const libraries = useLibraries({}, ['tdlib']);
const missing = MISSING.tdlib;
const TIMEOUT_MS = 120_000;

const plainText = (text: string): object => ({ _: 'formattedText', text, entities: [] });
const inputText = (text: string): object => ({ _: 'inputMessageText', text: plainText(text) });
const ADMIN = {
  _: 'chatMemberStatusAdministrator',
  rights: {
    _: 'chatAdministratorRights', can_manage_chat: true, can_change_info: true, can_delete_messages: true, can_invite_users: true,
    can_restrict_members: true, can_pin_messages: true, can_manage_video_chats: true,
  },
};

describe.runIf(missing === undefined)(`TDLib finds what it expects of basic groups${missing === undefined ? '' : ` (skipped: ${missing})`}`, () => {
  test('admins, rights, description, searching, quoting, deleting, leaving, the end of the group', { timeout: TIMEOUT_MS }, async () => {
    const alice = await enter(libraries, 'tdlib', 'Alice');
    const bob = await enter(libraries, 'tdlib', 'Bob');
    await alice.client.addContact({ phone: bob.phone, firstName: 'Bob' });
    await bob.client.addContact({ phone: alice.phone, firstName: 'Alice' });
    const { peer: chat_id } = await alice.client.createGroup({ users: [bob.id], title: 'Climbing' });
    await bob.client.sees('the group', (event) => event.kind === 'message' && event.peer === chat_id);
    const seesGroup = ({ client }: Person, what: string, fits: (group: Plain) => boolean): Promise<unknown> =>
      client.sees(what, (event) => event.kind === 'update' && event.update._ === 'updateBasicGroup' && fits(event.update['basic_group'] as Plain));
    const statusIn = (group: Plain): string => (group['status'] as Plain)._;

    const member_id = { _: 'messageSenderUser', user_id: bob.id };
    await alice.client.request({ _: 'setChatMemberStatus', chat_id, member_id, status: ADMIN });
    await seesGroup(bob, 'that he is an admin', (group) => statusIn(group) === 'chatMemberStatusAdministrator');
    expect(await bob.client.request({ _: 'getChatAdministrators', chat_id })).toMatchObject({
      administrators: expect.toSatisfy((rows: { user_id: number; is_owner: boolean }[]) => rows.length === 2 && rows.every((row) => row.is_owner === (row.user_id === alice.id))) as unknown,
    });
    expect(await bob.client.request({ _: 'searchChatMembers', chat_id, query: 'Al', limit: 10 })).toMatchObject({ members: [{ member_id: { user_id: alice.id }, status: { _: 'chatMemberStatusCreator' } }] });
    await bob.client.request({ _: 'setChatDescription', chat_id, description: 'Every Thursday' });
    expect(await bob.client.request({ _: 'getBasicGroupFullInfo', basic_group_id: -chat_id })).toMatchObject({ description: 'Every Thursday' });
    const permissions = { _: 'chatPermissions', can_send_basic_messages: true, can_send_photos: true, can_invite_users: true };
    await alice.client.request({ _: 'setChatPermissions', chat_id, permissions });
    await bob.client.sees('the rights', (event) => event.kind === 'update' && event.update._ === 'updateChatPermissions' && event.update['chat_id'] === chat_id && (event.update['permissions'] as { can_send_videos: boolean }).can_send_videos === false);
    expect(await bob.client.request({ _: 'getChat', chat_id })).toMatchObject({ permissions: { ...permissions, can_send_polls: false, can_pin_messages: false } });

    const { id } = await alice.client.send({ peer: chat_id, text: 'carabiner' });
    const heard = (await bob.client.seesMessage('carabiner')).id * TDLIB_ID_STEP;
    const reply_to = { _: 'inputMessageReplyToMessage', message_id: heard, quote: { _: 'inputTextQuote', text: plainText('bin'), position: 4 } };
    await bob.client.request({ _: 'sendMessage', chat_id, reply_to, input_message_content: inputText('an answer') });
    const answer = (await alice.client.seesMessage('an answer')).id * TDLIB_ID_STEP;
    expect(await alice.client.request({ _: 'getMessage', chat_id, message_id: answer })).toMatchObject({ reply_to: { message_id: id * TDLIB_ID_STEP, quote: { text: { text: 'bin' } } } });
    await alice.client.request({ _: 'setChatDraftMessage', chat_id, draft_message: { _: 'draftMessage', date: 0, content: { _: 'draftMessageContentText', text: plainText('half') }, input_message_text: inputText('half') } });
    for (const [sender_id, query, found] of [[null, 'carabiner', heard], [{ _: 'messageSenderUser', user_id: alice.id }, '', heard]] as const) {
      const { messages } = await bob.client.request<{ messages: Plain[] }>({ _: 'searchChatMessages', chat_id, topic_id: null, query, sender_id, from_message_id: 0, offset: 0, limit: 10, filter: null });
      expect(messages.map((message) => message['id'])).toContain(found);
    }
    await bob.client.request({ _: 'readAllChatMentions', chat_id });
    await bob.client.request({ _: 'readAllChatReactions', chat_id });
    expect(await bob.client.request({ _: 'getGroupsInCommon', user_id: alice.id, offset_chat_id: 0, limit: 10 })).toMatchObject({ chat_ids: [chat_id] });

    // An admin may delete what others have written, for everyone.
    await bob.client.request({ _: 'deleteMessages', chat_id, message_ids: [heard], revoke: true });
    await alice.client.sees('the deletion', (event) => event.kind === 'delete' && event.ids.includes(id));
    await bob.client.leaveGroup({ peer: chat_id });
    await seesGroup(alice, 'that Bob has left', (group) => group['member_count'] === 1);
    await bob.client.request({ _: 'deleteChatHistory', chat_id, remove_from_chat_list: true, revoke: false });
    await alice.client.request({ _: 'deleteChat', chat_id });
    await seesGroup(alice, 'that the group is gone', (group) => statusIn(group) === 'chatMemberStatusBanned' || group['is_active'] === false);
    expect(await alice.client.complaints()).toEqual([]);
    for (const { client } of [alice, bob]) await client.close();
  });
});
