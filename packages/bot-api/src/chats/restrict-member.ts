import type { tl } from '@aerogram/tl';

import type { BotCall } from '../bot-call.ts';
import { badRequest } from '../bot-error.ts';
import type { BotChannel } from './bot-chat.ts';
import { findMember, isOwner, type NamedMember, UNKNOWN_MEMBER } from './chat-member.ts';
import { isRpcError, telling } from './tell.ts';

/** What the Bot API says if the bot may not restrict or remove members. */
export const RESTRICT_TEXTS = { ...UNKNOWN_MEMBER, CHAT_ADMIN_REQUIRED: 'not enough rights to restrict/unrestrict chat member' } as const;

/**
 * Restricts, bans or frees somebody in a supergroup or channel.
 * @throws BotError 400 `can't restrict self`, `can't remove chat owner`, `user is an administrator of the chat`, `not enough rights to restrict/unrestrict chat member`, `PARTICIPANT_ID_INVALID`
 */
export async function restrictMember(call: BotCall, chat: BotChannel, { member, rights }: { member: NamedMember; rights: tl.chatBannedRights }): Promise<void> {
  checkOther(member);
  try {
    await telling(call.invoke({ _: 'channels.editBanned', channel: chat.channel, participant: member.peer, banned_rights: rights }), RESTRICT_TEXTS);
  } catch (error) {
    if (isRpcError(error, 'USER_ADMIN_INVALID')) await refuseOwner(call, chat, member);
    throw error;
  }
}

/** @throws BotError 400 `can't restrict self` */
export function checkOther({ isSelf }: NamedMember): void {
  if (isSelf) throw badRequest("can't restrict self");
}

/** @throws BotError 400 `can't remove chat owner` */
export async function refuseOwner(call: BotCall, chat: Parameters<typeof findMember>[1], member: NamedMember): Promise<void> {
  if (isOwner(await findMember(call, chat, member))) throw badRequest("can't remove chat owner");
}
