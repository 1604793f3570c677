import { ChannelFlag, type ChannelMemberRow, type ChannelRow, isChatRow } from './chat-row.ts';
import { type BotSight, botSightOf, hearsMessage, seesMessage, type SightedPost, type SightMember } from './bot-sight.ts';
import type { Chats } from './chats.ts';

/**
 * The id of the last message of a channel that one user cannot see; 0 if all can be seen. Every read of messages for a user applies it. Members
 * do not see what they have cleared for themselves, nor, while the channel hides its history from new members, what was posted before they
 * joined. Pure.
 * @param member the user's row; undefined if there is none
 */
export function hiddenUpTo(row: Pick<ChannelRow, 'flags'>, member: Pick<ChannelMemberRow, 'cleared_max_id' | 'hidden_max_id'> | undefined): number {
  if (member === undefined) return 0;
  const isHidden = (row.flags & ChannelFlag.hiddenPrehistory) !== 0;
  return Math.max(member.cleared_max_id, isHidden ? member.hidden_max_id : 0);
}

/** What decides which messages of a channel somebody sees. */
export interface ChannelSight {
  /** See {@link hiddenUpTo}. */
  hidden: number;
  /** Undefined for people. */
  bot: BotSight | undefined;
}

/** Whether a message of a channel can be seen. Pure. */
export function isSeen({ hidden, bot }: ChannelSight, post: SightedPost): boolean {
  return post.msg_id > hidden && seesMessage(bot, post);
}

/** Whether updates tell of a message of a channel. Pure. */
export function isHeard({ hidden, bot }: ChannelSight, post: SightedPost): boolean {
  return post.msg_id > hidden && hearsMessage(bot, post);
}

/** What one user sees of the messages of a channel. Pure. @param member the user's row; undefined if there is none */
export function sightOf(row: Pick<ChannelRow, 'flags'>, member: (SightMember & Pick<ChannelMemberRow, 'cleared_max_id' | 'hidden_max_id'>) | undefined): ChannelSight {
  return { hidden: hiddenUpTo(row, member), bot: botSightOf(member) };
}

/** Same as {@link sightOf}, by the marked id of the channel. */
export async function findSight(chats: Pick<Chats, 'findRow' | 'findMember'>, peerId: bigint, viewerId: bigint): Promise<ChannelSight> {
  const [row, member] = await Promise.all([chats.findRow(peerId), chats.findMember(peerId, viewerId)]);
  // The cast is safe: a member who was found by the marked id of a channel is a member of a channel.
  return row === undefined || isChatRow(row) ? { hidden: 0, bot: undefined } : sightOf(row, member as ChannelMemberRow | undefined);
}

/** Same as {@link hiddenUpTo}, by the marked id of the channel; 0 for a channel that does not exist. */
export async function findHiddenUpTo(chats: Pick<Chats, 'findRow' | 'findMember'>, peerId: bigint, viewerId: bigint): Promise<number> {
  const [row, member] = await Promise.all([chats.findRow(peerId), chats.findMember(peerId, viewerId)]);
  // The cast is safe: a member who was found by the marked id of a channel is a member of a channel.
  return row === undefined || isChatRow(row) ? 0 : hiddenUpTo(row, member as ChannelMemberRow | undefined);
}
