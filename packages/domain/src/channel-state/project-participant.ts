import { unmarkPeer } from '@aerogram/cluster';
import type { tl } from '@aerogram/tl';

import { projectAdminRights, projectBannedRights } from '../chats/index.ts';
import type { LoggedMember } from './log-entry.ts';

/**
 * A present or former member as the viewer sees them. Pure.
 * @param canEdit whether the viewer may change the rights of this admin
 */
export function projectParticipant(row: LoggedMember, viewerId: bigint, creatorId: bigint, canEdit: boolean): tl.ChannelParticipant {
  const { user_id, date, inviter_id, promoted_by } = row;
  const rank = row.rank === '' ? undefined : row.rank;
  const self = user_id === viewerId;
  const isRestricted = row.banned_rights !== 0;
  if (row.status === 'banned' || (row.status === 'member' && row.role === 'member' && isRestricted)) {
    return {
      _: 'channelParticipantBanned',
      left: row.status === 'member' ? undefined : true,
      peer: unmarkPeer(user_id),
      kicked_by: row.banned_by ?? creatorId,
      date,
      banned_rights: projectBannedRights(row.banned_rights, row.until_date),
      rank,
    };
  }
  if (row.status === 'left') return { _: 'channelParticipantLeft', peer: unmarkPeer(user_id) };
  if (row.role === 'creator') return { _: 'channelParticipantCreator', user_id, admin_rights: projectAdminRights(row.admin_rights), rank };
  if (row.role === 'admin') {
    const by = promoted_by ?? creatorId;
    return {
      _: 'channelParticipantAdmin',
      can_edit: canEdit || undefined,
      self: self || undefined,
      user_id,
      inviter_id: self ? (inviter_id ?? by) : undefined,
      promoted_by: by,
      date,
      admin_rights: projectAdminRights(row.admin_rights),
      rank,
    };
  }
  // A user who joined without an invitation is shown as their own inviter.
  if (self) return { _: 'channelParticipantSelf', user_id, inviter_id: inviter_id ?? user_id, date, rank };
  return { _: 'channelParticipant', user_id, date, rank };
}

/** Unlike in a list of members, somebody who was restricted before joining shows their restrictions. */
export function projectLoggedMember({ viewerId, creatorId }: { viewerId: bigint; creatorId: bigint }, row: LoggedMember): tl.ChannelParticipant {
  if (row.status === 'left' && row.banned_rights !== 0) {
    return {
      _: 'channelParticipantBanned',
      left: true,
      peer: unmarkPeer(row.user_id),
      kicked_by: row.banned_by ?? creatorId,
      date: row.date,
      banned_rights: projectBannedRights(row.banned_rights, row.until_date),
    };
  }
  return projectParticipant(row, viewerId, creatorId, false);
}
