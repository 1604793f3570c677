import { type ChannelMemberRow, type ChannelRow, findChannelMembers, isAdmin, isAnonymous, type Reader, type Standing, standingIn } from '../chats/index.ts';

/** Somebody who looks at the members of a channel. */
export interface MemberViewer {
  viewerId: bigint;
  row: ChannelRow;
  /** The viewer's standing in the channel. */
  standing: Standing;
  nowDate: number;
}

/**
 * Takes out of members' rows who invited, promoted or restricted them, where the viewer may not know it: ordinary members do not know the anonymous
 * admins of a group, and subscribers do not know the admins of a broadcast channel. The member's own id stands in their place, because clients expect
 * an id. Admins see everything.
 */
export async function hideNames(reader: Reader, { viewerId, row, standing, nowDate }: MemberViewer, members: readonly ChannelMemberRow[]): Promise<ChannelMemberRow[]> {
  if (isAdmin(standing)) return [...members];
  const { channel_id: id, creator_id: creatorId, kind } = row;
  // Without a name, the owner is shown as the one who did it.
  const namesOf = (member: ChannelMemberRow): (bigint | null)[] => [member.user_id === viewerId ? member.inviter_id : null, member.promoted_by, member.banned_by, creatorId];
  const userIds = [...new Set(members.flatMap(namesOf))].filter((userId) => userId !== null);
  const named = await findChannelMembers(reader, userIds.map((userId) => ({ id, userId })));
  const standings = new Map(named.map((member) => [member.user_id, standingIn(row, member, nowDate)]));
  const isInviter = (userId: bigint): boolean => {
    const their = standings.get(userId);
    return their === undefined || !isAnonymous(their);
  };
  const isShownAdmin = (userId: bigint): boolean => {
    const their = standings.get(userId);
    return kind !== 'broadcast' && their !== undefined && isAdmin(their) && !isAnonymous(their);
  };
  return members.map((member) => {
    const { user_id: own, inviter_id, promoted_by, banned_by } = member;
    return {
      ...member,
      inviter_id: inviter_id !== null && isInviter(inviter_id) ? inviter_id : own,
      promoted_by: isShownAdmin(promoted_by ?? creatorId) ? promoted_by : own,
      banned_by: isShownAdmin(banned_by ?? creatorId) ? banned_by : own,
    };
  });
}
