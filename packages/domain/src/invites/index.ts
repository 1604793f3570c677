/**
 * The rows and rules of invite links and join requests. This folder does not add members: `channels/invite-links.ts` serves all calls about links, and
 * `groups/group-entries.ts` and `channels/channel-entries.ts` add the members.
 */
export {
  accessInvite,
  deleteInvite,
  deleteRevokedInvites,
  editInvite,
  ensurePermanentInvite,
  exportInvite,
  type InviteChange,
  type InviteMeans,
  type InviteScope,
  type NewInvite,
  revokeInvite,
} from './change-invites.ts';
export { findEntrances } from './find-entrances.ts';
export { checkedInviteHash, dcOfInviteHash, hashOfInviteLink, inviteLinkOf } from './invite-hash.ts';
export { findInvite, findInviteOwner, findPermanentInvite, type InviteCounts, type InviteRow, listInvitesOfAll, removeInvites, revokeInvitesOf, saveRequestNeeded } from './invite-store.ts';
export type { Decisions, EntryOutcome, InviteActing, InvitesDoor } from './invites-door.ts';
export { type InviteTerms, isInviteOver, isInviteUsedUp } from './invite-terms.ts';
export { announceRequests, askToJoin, findRequestsUpdate } from './join-requests.ts';
export { type Entrant, type EntrantPage, type InvitePage, type InviteView, listEntrants, listInvitePage, listInviters } from './list-invites.ts';
export { mayAnswerRequest } from './may-answer.ts';
export { findRequestLink, projectInvite, shownInvite } from './project-invite.ts';
export { createInvitePurge } from './purge-invites.ts';
export { createRequestNotices, type RequestNotices } from './request-notices.ts';
export { carryEntrances, findJoinRequest, findJoinRequests, findPendingRequests, type JoinRequestRow, listFirstRequests, saveImporter, settleEntrances } from './request-store.ts';
