import type { tl } from '@aerogram/tl';

import { badRequest } from '../bot-error.ts';
import { accessChat, isChannel } from '../chats/bot-chat.ts';
import { findMember, isOwner, readMember, UNKNOWN_MEMBER } from '../chats/chat-member.ts';
import { telling } from '../chats/tell.ts';
import { defineBotMethod } from '../define-bot-method.ts';
import { readAdminRights } from '../params/admin-rights.ts';
import { JsonFields } from '../params/json-fields.ts';

/** The rights that requests name, the old name of one of them included. */
const RIGHTS = [
  'is_anonymous', 'can_manage_chat', 'can_delete_messages', 'can_manage_video_chats', 'can_manage_voice_chats', 'can_restrict_members', 'can_promote_members', 'can_change_info',
  'can_invite_users', 'can_manage_tags', 'can_post_stories', 'can_edit_stories', 'can_delete_stories', 'can_post_messages', 'can_edit_messages', 'can_pin_messages', 'can_manage_topics',
  'can_manage_direct_messages',
] as const;

/** Rights that have no meaning in a supergroup, or in a channel. */
const MEANINGLESS = {
  supergroup: { post_messages: undefined, edit_messages: undefined, manage_direct_messages: undefined },
  channel: { anonymous: undefined, pin_messages: undefined, manage_topics: undefined, manage_ranks: undefined },
} as const satisfies Record<string, Partial<Record<keyof tl.chatAdminRights, undefined>>>;

/** Makes a member an admin, changes what an admin may do, or takes all rights away. An admin keeps the title. */
export const promoteChatMember = defineBotMethod({
  method: 'promoteChatMember',
  params: ['chat_id', 'user_id', ...RIGHTS],
  async run(call, params) {
    const chat = await accessChat(call, params);
    const member = await readMember(call, params, chat);
    if (!isChannel(chat)) throw badRequest('method is available for supergroup and channel chats only');
    const named = new JsonFields(Object.fromEntries(RIGHTS.map((name) => [name, params.bool(name)])));
    const admin_rights: tl.chatAdminRights = { ...readAdminRights(named), ...MEANINGLESS[chat.kind] };
    const isAdmin = Object.values(admin_rights).includes(true);
    if (member.isSelf && isAdmin) throw badRequest("can't promote self");
    const found = await telling(findMember(call, chat, member), { CHAT_ADMIN_REQUIRED: 'not enough rights' });
    if (isOwner(found)) throw badRequest("can't remove chat owner");
    const rank = found.participant?._ === 'channelParticipantAdmin' ? found.participant.rank : undefined;
    await telling(call.invoke({ _: 'channels.editAdmin', channel: chat.channel, user_id: member.user, admin_rights, rank: rank ?? '' }), {
      ...UNKNOWN_MEMBER,
      CHAT_ADMIN_REQUIRED: 'not enough rights',
    });
    return true;
  },
});
