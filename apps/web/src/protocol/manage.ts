// What is set in groups and channels, as pages see it.

/** What a member of a group may do, unless it is forbidden to all or to this member. */
export const MEMBER_RIGHTS = [
  'sendPlain', 'sendPhotos', 'sendVideos', 'sendRoundvideos', 'sendVoices', 'sendAudios', 'sendDocs', 'sendStickers', 'sendGifs', 'sendGames', 'sendInline',
  'sendPolls', 'embedLinks', 'sendReactions', 'inviteUsers', 'pinMessages', 'changeInfo', 'manageTopics', 'editRank',
] as const;

export type MemberRight = (typeof MEMBER_RIGHTS)[number];

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
