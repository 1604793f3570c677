import type { tl } from '@aerogram/tl';

import type { BotCall } from '../bot-call.ts';
import { badRequest } from '../bot-error.ts';
import { accessChat, type BotChannel } from '../chats/bot-chat.ts';
import { findMember, type NamedMember, readMember } from '../chats/chat-member.ts';
import { restrictMember } from '../chats/restrict-member.ts';
import { defineBotMethod } from '../define-bot-method.ts';
import { readInt32 } from '../params/int32.ts';
import { OLD_PERMISSION_PARAMS, readOldPermissions, readPermissions } from '../params/permissions.ts';
import type { Params } from '../params/params.ts';

export const restrictChatMember = defineBotMethod({
  method: 'restrictChatMember',
  params: ['chat_id', 'user_id', 'until_date', 'permissions', 'use_independent_chat_permissions', ...OLD_PERMISSION_PARAMS],
  async run(call, params) {
    const permissions = readPermissions(params);
    const chat = await accessChat(call, params);
    const member = await readMember(call, params, chat);
    if (chat.kind !== 'supergroup') throw badRequest('method is available only for supergroups');
    const old = params.has('permissions') ? undefined : await readOld(call, params, { chat, member });
    await restrictMember(call, chat, { member, rights: { ...(old ?? permissions), until_date: readInt32(params, 'until_date') } });
    return true;
  },
});

async function readOld(call: BotCall, params: Params<(typeof OLD_PERMISSION_PARAMS)[number]>, { chat, member }: { chat: BotChannel; member: NamedMember }): Promise<tl.chatBannedRights | undefined> {
  const { participant } = await findMember(call, chat, member);
  return readOldPermissions(params, participant?._ === 'channelParticipantBanned' ? participant.banned_rights : undefined);
}
