import { rpcError } from '@aerogram/errors';
import type { tl } from '@aerogram/tl';

import { type ChannelMemberRow, mayDo, standingIn } from '../chats/index.ts';
import { followChannel, unfollowChannel } from '../dialogs/index.ts';
import type { Acting, ChannelChange } from './channel-change.ts';
import type { Invitee } from '../groups/index.ts';

/** Groups with more members than this do not say that somebody joined or left. */
const SAID_MEMBERS_MAX = 200;

/** A row for somebody who becomes a member. Roles and restrictions of former members do not come back, except that the creator stays it. */
function joined(channel: ChannelChange, userId: bigint, inviterId: bigint | null): ChannelMemberRow {
  const { row, date } = channel;
  const known = channel.memberOf(userId);
  const isCreator = row.creator_id === userId;
  const standing = standingIn(row, known, date);
  return {
    channel_id: row.channel_id,
    user_id: userId,
    status: 'member',
    role: isCreator ? 'creator' : 'member',
    admin_rights: isCreator ? (known?.admin_rights ?? 0) : 0,
    rank: '',
    banned_rights: standing.bannedRights,
    until_date: standing.bannedRights === 0 ? 0 : known!.until_date,
    banned_by: standing.bannedRights === 0 ? null : known!.banned_by,
    inviter_id: inviterId,
    promoted_by: null,
    date,
    own_posts: known?.own_posts ?? 0,
    slow_mode_until: known?.slow_mode_until ?? 0,
  };
}

/** Adds the actor to a channel. @throws RpcError 400 USER_ALREADY_PARTICIPANT, CHANNEL_PRIVATE, USERS_TOO_MUCH */
export async function addSelf(channel: ChannelChange, { actorId }: Acting, membersMax: number): Promise<tl.Update[]> {
  channel.check('view_messages');
  if (channel.memberOf(actorId)?.status === 'member') throw rpcError('USER_ALREADY_PARTICIPANT');
  if (channel.row.kind === 'megagroup' && channel.row.members >= membersMax) throw rpcError('USERS_TOO_MUCH');
  channel.setMember(joined(channel, actorId, null));
  if (saysMembers(channel)) channel.say({ _: 'messageActionChatAddUser', users: [actorId] });
  // The service message was not written by anybody else, so nothing is unread.
  await followChannel(channel.tx, channel.start, [
    { userId: actorId, readMaxId: channel.topMsgId, readOrdinal: channel.ordinal, ownAtRead: channel.ownPostsOf(actorId) },
  ]);
  return [channel.tellChannelChanged([actorId])];
}

/**
 * Adds people to a channel. Those who are members already are left out.
 * @throws RpcError 400 CHAT_ADMIN_REQUIRED, USER_KICKED, USERS_TOO_MUCH, USER_NOT_MUTUAL_CONTACT, USER_BLOCKED
 */
export async function addInvitees(channel: ChannelChange, { actorId }: Acting, invitees: readonly Invitee[], membersMax: number): Promise<void> {
  channel.check('invite_users');
  const welcome = invitees.filter((one) => one.missing === undefined && channel.memberOf(one.userId)?.status !== 'member');
  for (const { userId, isMutual, refusal } of welcome) {
    const known = channel.memberOf(userId);
    const isBanned = known !== undefined && standingIn(channel.row, known, channel.date).status === 'banned';
    if (isBanned && !mayDo(channel.standing, 'ban_users')) throw rpcError('USER_KICKED');
    if (refusal !== undefined) throw rpcError('USER_BLOCKED');
    if (known?.status === 'left' && !isMutual && userId !== actorId) throw rpcError('USER_NOT_MUTUAL_CONTACT');
  }
  if (channel.row.kind === 'megagroup' && channel.row.members + welcome.length > membersMax) throw rpcError('USERS_TOO_MUCH');
  if (welcome.length === 0) return;
  const { topMsgId: readMaxId, ordinal: readOrdinal } = channel;
  const userIds = welcome.map((one) => one.userId);
  for (const userId of userIds) channel.setMember({ ...joined(channel, userId, actorId), banned_rights: 0, until_date: 0, banned_by: null });
  if (saysMembers(channel)) channel.say({ _: 'messageActionChatAddUser', users: userIds });
  // The service message about it is unread, which shows the new chat as such.
  await followChannel(channel.tx, channel.start, userIds.map((userId) => ({ userId, readMaxId, readOrdinal, ownAtRead: channel.ownPostsOf(userId) })));
  channel.tellChannelChanged(userIds);
}

/** Takes the actor out of a channel. @throws RpcError 400 USER_NOT_PARTICIPANT, USER_CREATOR */
export async function removeSelf(channel: ChannelChange, { actorId }: Acting): Promise<tl.Update[]> {
  const member = channel.memberOf(actorId);
  if (member?.status !== 'member') throw rpcError('USER_NOT_PARTICIPANT');
  // Until ownership can be handed over, a channel keeps its creator.
  if (member.role === 'creator') throw rpcError('USER_CREATOR');
  if (saysMembers(channel)) channel.say({ _: 'messageActionChatDeleteUser', user_id: actorId });
  channel.setMember({ ...member, status: 'left', role: 'member', admin_rights: 0, rank: '', promoted_by: null, date: channel.date });
  await unfollowChannel(channel.tx, actorId, channel.peerId);
  return [channel.tellChannelChanged([actorId])];
}

function saysMembers({ row }: ChannelChange): boolean {
  return row.kind === 'megagroup' && row.members <= SAID_MEMBERS_MAX;
}
