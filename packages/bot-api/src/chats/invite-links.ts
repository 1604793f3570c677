import type { tl } from '@aerogram/tl';

import type { BotCall } from '../bot-call.ts';
import { badRequest } from '../bot-error.ts';
import { KnownPeers, projectInviteLink } from '../objects/index.ts';
import { readInt32 } from '../params/int32.ts';
import type { Params } from '../params/params.ts';
import { accessChat, type BotChat } from './bot-chat.ts';
import { telling } from './tell.ts';

/** What the Bot API says if the bot may not manage invite links. */
const LINK_TEXTS = { CHAT_ADMIN_REQUIRED: 'not enough rights to manage chat invite link' } as const;

/** The parameters that say how a link is to be used. */
export const LINK_PARAMS = ['name', 'expire_date', 'member_limit', 'creates_join_request'] as const;

/** A group or channel for whose links or join requests the bot asks. @throws BotError 400 `can't invite members to a private chat`, and those of accessChat */
export async function accessInvitingChat(call: BotCall, params: Params<'chat_id'>): Promise<Exclude<BotChat, { kind: 'private' }>> {
  const chat = await accessChat(call, params);
  if (chat.kind === 'private') throw badRequest("can't invite members to a private chat");
  return chat;
}

/** How a link is to be used, as requests say it. What is not named is not limited. @throws BotError 400 */
export function readLinkTerms(params: Params<(typeof LINK_PARAMS)[number]>): { title: string; expire_date: number; usage_limit: number; request_needed: boolean } {
  const terms = { title: params.text('name'), expire_date: readInt32(params, 'expire_date'), usage_limit: readInt32(params, 'member_limit'), request_needed: params.bool('creates_join_request') };
  if (terms.request_needed && terms.usage_limit > 0) throw badRequest("member limit can't be specified for links requiring administrator approval");
  return terms;
}

/** Makes a link of the bot. @throws BotError 400 `not enough rights to manage chat invite link` */
export function exportLink({ invoke }: BotCall, request: tl.messages.exportChatInvite): Promise<tl.ExportedChatInvite> {
  return telling(invoke(request), LINK_TEXTS);
}

/** Changes or revokes a link, which `invite_link` names. @returns the ChatInviteLink object. @throws BotError 400 `not enough rights to manage chat invite link` */
export async function editLink({ invoke }: BotCall, request: tl.messages.editExportedChatInvite): Promise<object | undefined> {
  const answer = await telling(invoke(request), LINK_TEXTS);
  return projectInviteLink(answer.invite, new KnownPeers(answer));
}
