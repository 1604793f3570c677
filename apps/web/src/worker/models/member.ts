import type { tl } from '@mtcute/core';
import type { Member, PeerId, Restriction } from '../../protocol/index.ts';
import { GROUP_ADMIN_RIGHTS, readAdminRights } from './admin-rights.ts';
import { peerIdOf, userPeer } from './ids.ts';
import { FOREVER, readForbidden } from './member-rights.ts';

function readRestriction({ bannedRights, kickedBy }: tl.RawChannelParticipantBanned): Restriction {
  const { untilDate, viewMessages } = bannedRights;
  return { forbidden: readForbidden(bannedRights), until: untilDate >= FOREVER ? 0 : untilDate, by: userPeer(kickedBy), isRemoved: viewMessages === true };
}

/** Reads a member of a supergroup or channel, or somebody who was removed from it. Pure. @param isAdmin whether the account is @param self the account */
export function readParticipant(participant: tl.TypeChannelParticipant, isAdmin: boolean, self: PeerId): Member[] {
  switch (participant._) {
    case 'channelParticipantCreator':
      return [{ peer: participant.userId, role: 'owner', rank: participant.rank, canRemove: false, admin: { rights: readAdminRights(participant.adminRights), canEdit: participant.userId === self } }];
    case 'channelParticipantAdmin':
      return [{ peer: participant.userId, role: 'admin', rank: participant.rank, canRemove: participant.canEdit === true, admin: { rights: readAdminRights(participant.adminRights), by: participant.promotedBy, canEdit: participant.canEdit === true } }];
    case 'channelParticipant':
      return [{ peer: participant.userId, role: 'member', canRemove: isAdmin && participant.userId !== self }];
    case 'channelParticipantSelf':
      return [{ peer: participant.userId, role: 'member', canRemove: false }];
    case 'channelParticipantBanned':
      return [{ peer: peerIdOf(participant.peer), role: 'member', canRemove: isAdmin && !participant.left, restriction: readRestriction(participant) }];
    case 'channelParticipantLeft':
      return [];
  }
}

/** Reads a member of a basic group. Whoever brought somebody in may take them out again. Pure. @param isAdmin whether the account is @param self the account */
export function readGroupMember(participant: tl.TypeChatParticipant, isAdmin: boolean, self: PeerId): Member {
  const { userId: peer, rank } = participant;
  switch (participant._) {
    case 'chatParticipantCreator':
      return { peer, role: 'owner', rank, canRemove: false, admin: { rights: GROUP_ADMIN_RIGHTS, canEdit: peer === self } };
    case 'chatParticipantAdmin':
      // Only the owner changes admins, which the page knows of itself.
      return { peer, role: 'admin', rank, canRemove: false, admin: { rights: GROUP_ADMIN_RIGHTS, canEdit: false } };
    case 'chatParticipant':
      return { peer, role: 'member', rank, canRemove: peer !== self && (isAdmin || participant.inviterId === self) };
  }
}
