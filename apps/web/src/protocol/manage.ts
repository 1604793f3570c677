// What is set in groups and channels, as pages see it.
import type { AdminRight } from './keyboards.ts';
import type { PeerId, UnixTime } from './models.ts';

/** What a member of a group may do, unless it is forbidden to all or to this member. */
export const MEMBER_RIGHTS = [
  'sendPlain', 'sendPhotos', 'sendVideos', 'sendRoundvideos', 'sendVoices', 'sendAudios', 'sendDocs', 'sendStickers', 'sendGifs', 'sendGames', 'sendInline',
  'sendPolls', 'embedLinks', 'sendReactions', 'inviteUsers', 'pinMessages', 'changeInfo', 'manageTopics', 'editRank',
] as const;

export type MemberRight = (typeof MEMBER_RIGHTS)[number];

/** What is forbidden to one member, or that somebody may not come back. */
export interface Restriction {
  forbidden: MemberRight[];
  /** 0: for ever. */
  until: UnixTime;
  by: PeerId;
  isRemoved: boolean;
}

/** What an admin may do. */
export interface AdminFacts {
  rights: AdminRight[];
  /** Who made them an admin, as far as it is known. */
  by?: PeerId;
  /** The account may change it. */
  canEdit: boolean;
}

/** What an admin sets of an invite link. */
export interface LinkTerms {
  /** What admins call it; empty: nothing. */
  name: string;
  /** 0: never. */
  ends: UnixTime;
  /** How many people may come by it; 0: as many as want. */
  max: number;
  /** Admins decide who comes in. */
  needsApproval: boolean;
}

/** An invite link, as admins see it. */
export interface InviteLink extends LinkTerms {
  /** The part of the link that no other one has. */
  hash: string;
  link: string;
  by: PeerId;
  /** How many people have come by it. */
  uses: number;
  /** How many people have asked to join by this link and wait for an answer. */
  requests: number;
  /** The one link of an admin that has no terms. */
  isPermanent: boolean;
  isRevoked: boolean;
}

/** Which members are listed. `restricted`: those to whom something is forbidden; `removed`: those who may not come back. */
export type MemberKind = 'all' | 'admins' | 'restricted' | 'removed';

/** Settings of a group or channel that only its details say. The counts are told to admins only. */
export interface GroupSettings {
  /** Seconds that a member waits between two messages; 0: none. */
  slowMode: number;
  /** New members do not see what was written before they came. */
  hidesHistory: boolean;
  /** Only admins see who the members are. */
  hidesMembers: boolean;
  admins?: number;
  removed?: number;
  /** Members to whom something is forbidden that others may do. */
  restricted?: number;
}

/** A setting of a group or channel that is on or off. */
export type GroupSwitch = 'approve' | 'joinFirst' | 'protect' | 'sign' | 'hideMembers' | 'hideHistory';
