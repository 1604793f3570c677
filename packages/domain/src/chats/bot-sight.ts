import { hasFlag, meantForIn, MessageFlag, type PostRow } from '../events/index.ts';
import type { ChannelMemberRow, ChatMemberRow } from './chat-row.ts';

/** `all_from` of a bot that sees only what is meant for it: the largest message id. */
export const SEES_MEANT_ONLY = 2_147_483_647;

/** What the owner of a bot has set about groups. */
export interface BotTerms {
  joins_groups: boolean;
  /** Privacy mode is off: where it is added from now on, it sees all messages. */
  reads_all: boolean;
}

/** The `all_from` of a bot that joins. Pure. @param nextMsgId the id of the next message */
export function allFromAtJoin({ reads_all }: Pick<BotTerms, 'reads_all'>, nextMsgId: number): number {
  return reads_all ? nextMsgId : SEES_MEANT_ONLY;
}

type Member = Pick<ChannelMemberRow | ChatMemberRow, 'status' | 'role' | 'all_from'>;

const isAdminRow = (member: Pick<Member, 'status' | 'role'> | undefined): boolean => member?.status === 'member' && member.role !== 'member';

/**
 * The row of a member that changes, with the sight that a bot has afterwards: an admin sees everything from the moment it becomes one, and only what is meant for
 * it once it is no admin any more. People stay as they are. Pure.
 * @param before undefined: there was no row
 * @param nextMsgId the id of the next message
 */
export function withSight<Row extends Member>(before: Member | undefined, after: Row, nextMsgId: number): Row {
  if (after.all_from === null || isAdminRow(before) === isAdminRow(after)) return after;
  return { ...after, all_from: isAdminRow(after) ? Math.min(after.all_from, nextMsgId) : SEES_MEANT_ONLY };
}

/** How many of these present members are bots. Pure. */
export function countBots(members: readonly Pick<Member, 'all_from'>[]): number {
  return members.filter((member) => member.all_from !== null).length;
}

/** A bot that reads a supergroup or channel. */
export interface BotSight {
  botId: bigint;
  allFrom: number;
}

/** The sight of a member; undefined for people, who see everything that is not hidden from them otherwise. Pure. */
export function botSightOf(member: Pick<ChannelMemberRow, 'user_id' | 'all_from'> | undefined): BotSight | undefined {
  return member === undefined || member.all_from === null ? undefined : { botId: member.user_id, allFrom: member.all_from };
}

/**
 * Whether a bot sees a message of a supergroup or channel: service messages, posts of broadcast channels and its own always; those of other bots never; all others
 * if they are meant for it or were written since it sees everything. Every read of messages for a bot applies it. Pure.
 * @param sight undefined: the viewer is no bot
 */
export function seesMessage(sight: BotSight | undefined, post: Pick<PostRow, 'msg_id' | 'flags' | 'extra' | 'poster_id'>): boolean {
  if (sight === undefined || hasFlag(post, MessageFlag.service) || hasFlag(post, MessageFlag.post) || post.poster_id === sight.botId) return true;
  if (hasFlag(post, MessageFlag.byBot)) return false;
  return post.msg_id >= sight.allFrom || meantForIn(post.extra).includes(sight.botId);
}
