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
