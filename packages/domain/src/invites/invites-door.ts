import type { tl } from '@aerogram/tl';

import type { MessageRow, Origin } from '../events/index.ts';
import type { InviteChange, NewInvite } from './change-invites.ts';
import type { InviteCounts, InviteRow } from './invite-store.ts';
import type { InviteTerms } from './invite-terms.ts';
import type { Entrant, EntrantPage, InvitePage } from './list-invites.ts';

/** Who changes the links of a group or channel, or comes in. */
export interface InviteActing {
  actorId: bigint;
  /** The session of the call, if its answer contains the events; otherwise that session gets them pushed, too. */
  origin: Origin | undefined;
}

/** What the caller learns when people come in. */
export interface EntryOutcome {
  /** Marked id of the group or channel. */
  peerId: bigint;
  updates: tl.Update[];
  /** How far the updates move a channel; undefined for a basic group, or if they contain no event with a pts. */
  step?: { pts: number; ptsCount: number } | undefined;
  /** The caller's copy of the service message in a basic group. */
  notice?: MessageRow | undefined;
}

/** A decision on all pending join requests of a group or channel, or on those of one link. */
export interface Decisions {
  approved: boolean;
  /** Only requests made by this link; undefined for all requests. */
  hash: string | undefined;
  /** Only requests made until this date, in unix seconds. */
  untilDate: number;
}

/** Operations on the invite links and join requests of one group or channel. */
export interface InvitesDoor {
  /** Makes a link. @throws RpcError 400 CHAT_ADMIN_REQUIRED, EXPIRE_DATE_INVALID, USAGE_LIMIT_INVALID, INVITES_TOO_MUCH, 403 CHAT_WRITE_FORBIDDEN */
  doExport(acting: InviteActing, invite: NewInvite): Promise<InviteRow>;
  /** Changes the terms of a link. @throws RpcError 400 INVITE_HASH_EXPIRED, CHAT_INVITE_PERMANENT, CHAT_ADMIN_REQUIRED, EXPIRE_DATE_INVALID, USAGE_LIMIT_INVALID, 403 CHAT_WRITE_FORBIDDEN */
  doEdit(acting: InviteActing, hash: string, terms: InviteTerms): Promise<InviteChange>;
  /** Revokes a link; a permanent one is replaced. @throws RpcError 400 INVITE_HASH_EXPIRED, CHAT_ADMIN_REQUIRED, 403 CHAT_WRITE_FORBIDDEN */
  doRevoke(acting: InviteActing, hash: string): Promise<InviteChange>;
  /** Deletes a revoked link. @throws RpcError 400 INVITE_HASH_EXPIRED, INVITE_REVOKED_MISSING, CHAT_ADMIN_REQUIRED, 403 CHAT_WRITE_FORBIDDEN */
  doDelete(acting: InviteActing, hash: string): Promise<void>;
  /** Deletes all revoked links of an admin. @throws RpcError 400 CHAT_ADMIN_REQUIRED, 403 CHAT_WRITE_FORBIDDEN */
  doDeleteRevoked(acting: InviteActing, adminId: bigint): Promise<void>;
  /** A link that the viewer may manage. @throws RpcError 400 INVITE_HASH_EXPIRED, CHAT_ADMIN_REQUIRED, 403 CHAT_WRITE_FORBIDDEN */
  find(viewerId: bigint, hash: string): Promise<InviteRow>;
  /** Lists links of an admin, newest first. @throws RpcError 400 CHAT_ADMIN_REQUIRED, 403 CHAT_WRITE_FORBIDDEN */
  list(viewerId: bigint, page: InvitePage): Promise<{ rows: InviteRow[]; count: number }>;
  /** Lists the users who have made links; for the owner. @throws RpcError 400 CHAT_ADMIN_REQUIRED, 403 CHAT_WRITE_FORBIDDEN */
  listInviters(viewerId: bigint): Promise<InviteCounts[]>;
  /** Lists members who came by a link, or people who ask to be let in. @throws RpcError 400 SEARCH_WITH_LINK_NOT_SUPPORTED, INVITE_HASH_EXPIRED, CHAT_ADMIN_REQUIRED, 403 CHAT_WRITE_FORBIDDEN */
  listEntrants(viewerId: bigint, page: EntrantPage): Promise<{ rows: Entrant[]; count: number }>;
  /**
   * Lets the actor in by a link.
   * @throws RpcError 420 FLOOD_WAIT, 400 USER_ALREADY_PARTICIPANT, INVITE_HASH_EXPIRED, INVITE_REQUEST_SENT (the request is stored), USERS_TOO_MUCH,
   *   CHANNELS_TOO_MUCH
   */
  doEnter(acting: InviteActing, hash: string): Promise<EntryOutcome>;
  /**
   * Approves or declines the join request of one user.
   * @throws RpcError 400 CHAT_ADMIN_REQUIRED, HIDE_REQUESTER_MISSING, USER_ALREADY_PARTICIPANT, USERS_TOO_MUCH, USER_CHANNELS_TOO_MUCH, 403 CHAT_WRITE_FORBIDDEN
   */
  doDecide(acting: InviteActing, userId: bigint, approved: boolean): Promise<EntryOutcome>;
  /**
   * Approves or declines one slice of the pending join requests, the earliest ones, in one transaction. A user who is already in the maximum number of
   * channels is not approved, and their request ends. If there is not enough room to approve the whole slice, the earliest are approved while there
   * is room, and the others stay pending.
   * @throws RpcError 400 CHAT_ADMIN_REQUIRED, HIDE_REQUESTER_MISSING (no request is pending), INVITE_HASH_EXPIRED, USERS_TOO_MUCH, 403 CHAT_WRITE_FORBIDDEN
   */
  doDecideSome(acting: InviteActing, decisions: Decisions): Promise<EntryOutcome>;
  /** Ends the join request of a user whose account was deleted, and revokes the links that the user has made. A repeat changes nothing. */
  doWithdraw(userId: bigint): Promise<void>;
}
