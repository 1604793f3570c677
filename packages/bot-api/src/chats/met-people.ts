import { ChannelFlag, type Domain, isChatRow } from '@aerogram/domain';
import type { tl } from '@aerogram/tl';

import type { BotCall } from '../bot-call.ts';

/** Groups of a bot that are looked at for one person. */
const GROUPS_MAX = 100;

/** The bot, and where its groups are found. */
export interface MeetingBot {
  botId: bigint;
  domain: { chats: Pick<Domain['chats'], 'findRow' | 'findMember' | 'listCommon'> };
}

/** Whether a bot may know somebody from one of its groups: one that does not hide its members, or in which it is an admin. Anonymous admins are hidden, too. */
export async function isMet({ botId, domain: { chats } }: MeetingBot, userId: bigint): Promise<boolean> {
  const { markedIds } = await chats.listCommon(botId, userId, { maxId: 0n, limit: GROUPS_MAX });
  for (const markedId of markedIds) {
    const [row, member] = await Promise.all([chats.findRow(markedId), chats.findMember(markedId, botId)]);
    if (row !== undefined && (isChatRow(row) || (row.flags & ChannelFlag.participantsHidden) === 0 || member?.role !== 'member')) return true;
  }
  return false;
}

/** How the server knows somebody whom a bot names by the id alone: it needs no access hash for people to whom it may write, and has that of people whom it has met. */
export async function personOf(call: Pick<BotCall, 'botId' | 'domain'>, user: tl.inputUser): Promise<tl.inputUser> {
  const { botId, domain } = call;
  const { user_id } = user;
  if ((await domain.botRows.mayWriteTo(botId, user_id)) || !(await isMet(call, user_id))) return user;
  return { ...user, access_hash: domain.accessHashes.of('user', botId, user_id) };
}
