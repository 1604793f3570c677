import { hasFlag, meantForIn, MessageFlag, type PostRow } from '../events/index.ts';
import type { ChannelMemberRow, ChatMemberRow } from './chat-row.ts';

/** `all_from` of a bot that sees only what is meant for it: the largest message id. */
export const SEES_MEANT_ONLY = 2_147_483_647;

/**
 * `all_from` of a bot in privacy mode that was an admin when sight began to follow from the role (migration 0134, ADR 0040). Programs of the first release, which may run
 * beside this one, show a bot what its row says, so the row says everything. This program reads it as {@link SEES_MEANT_ONLY} once the bot is no admin.
 */
const WAS_ADMIN = -1;

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

/** How many of these present members are bots. Pure. */
export function countBots(members: readonly Pick<ChannelMemberRow | ChatMemberRow, 'all_from'>[]): number {
  return members.filter((member) => member.all_from !== null).length;
}

/** A bot that reads a supergroup or channel. */
export interface BotSight {
  botId: bigint;
  /** An admin sees everything, whatever `allFrom` says. */
  isAdmin: boolean;
  /** The first message from which on a bot that is no admin sees what people write. */
  allFrom: number;
}

/** A member, as far as it decides what a bot sees. */
export type SightMember = Pick<ChannelMemberRow, 'user_id' | 'role' | 'all_from'>;

/** The sight of a member; undefined for people, who see everything that is not hidden from them otherwise. Pure. */
export function botSightOf(member: SightMember | undefined): BotSight | undefined {
  if (member === undefined || member.all_from === null) return undefined;
  return { botId: member.user_id, isAdmin: member.role !== 'member', allFrom: member.all_from === WAS_ADMIN ? SEES_MEANT_ONLY : member.all_from };
}

/** What privacy mode asks about a message of a group. */
export interface PrivacyModeMessage {
  /** Its id in a supergroup or channel; 0 in a basic group, where a bot is shown everything or only what is meant for it. */
  msgId: number;
  /** The bots for which it is meant; read only if the rest does not decide. Absent for a message that may be gone, so that nobody can say any more. */
  meantFor?: () => readonly bigint[];
}

/** The id that stands for every message that is still to come. */
export const NEXT_MESSAGES = SEES_MEANT_ONLY - 1;

/**
 * Whether privacy mode lets a bot see a message that a person wrote in a group: the bot is an admin, or has been added without privacy mode before it was written, or it is meant for the
 * bot. This is the only place that decides it, for supergroups, basic groups and updates; the callers say what does not depend on privacy mode, such as service messages and those of
 * other bots. Pure.
 */
export function privacyModeShows({ botId, isAdmin, allFrom }: BotSight, { msgId, meantFor }: PrivacyModeMessage): boolean {
  return isAdmin || msgId >= allFrom || meantFor?.().includes(botId) === true;
}

/** A message, as far as it decides which bots see it. */
export type SightedPost = Pick<PostRow, 'msg_id' | 'flags' | 'extra' | 'poster_id'>;

/** Whether a message was written by a bot in a group, and not by this one. Pure. */
const isOfOtherBot = ({ botId }: BotSight, post: SightedPost): boolean => hasFlag(post, MessageFlag.byBot) && post.poster_id !== botId && !isForAll(post);

/** Service messages and posts of broadcast channels. Pure. */
const isForAll = (post: SightedPost): boolean => hasFlag(post, MessageFlag.service) || hasFlag(post, MessageFlag.post);

/**
 * Whether a bot sees a message of a supergroup or channel. An admin sees all, whoever wrote them and when. Other bots always see service messages, posts of broadcast channels
 * and their own; those of other bots never; all others as {@link privacyModeShows} says. Every read of messages for a bot applies it. Pure.
 * @param sight undefined: the viewer is no bot
 */
export function seesMessage(sight: BotSight | undefined, post: SightedPost): boolean {
  if (sight === undefined || sight.isAdmin || isForAll(post) || post.poster_id === sight.botId) return true;
  if (isOfOtherBot(sight, post)) return false;
  return privacyModeShows(sight, { msgId: post.msg_id, meantFor: () => meantForIn(post.extra) });
}

/** Whether a bot is told of a message and of its edits by updates: it sees it, and no other bot wrote it. Two bots would otherwise answer each other for ever. Pure. */
export function hearsMessage(sight: BotSight | undefined, post: SightedPost): boolean {
  return seesMessage(sight, post) && (sight === undefined || !isOfOtherBot(sight, post));
}
