// People, groups and channels, as pages see them.
import type { AdminRight } from './keyboards.ts';
import type { MemberRight } from './manage.ts';
import type { MessageId, PeerId, UnixTime } from './models.ts';
import type { AllowedReactions } from './reactions.ts';

/** When a person was last online, as far as they let us know. */
export type Presence =
  | { kind: 'online'; until: UnixTime }
  | { kind: 'offline'; at: UnixTime }
  | { kind: 'recently' | 'lastWeek' | 'lastMonth' | 'unknown' };

/** The current picture of a peer. */
export interface PeerPhoto {
  /** Id of the photo; another photo has another id. */
  id: string;
  /** A very small JPEG that can be shown at once. */
  preview?: Uint8Array;
}

/** Kinds of media that a group can forbid, each by itself. */
export type SentKind = 'photo' | 'video' | 'gif' | 'audio' | 'file' | 'poll';

/** What the account may do in a group or channel. In private chats nearly everything is true: see `PersonTerms`. */
export interface PeerRights {
  write: boolean;
  sendMedia: boolean;
  /** What may be sent, of these kinds. */
  sends: readonly SentKind[];
  pin: boolean;
  invite: boolean;
  changeInfo: boolean;
  deleteOthers: boolean;
  /** Create topics in a forum, and change the own ones. */
  createTopics: boolean;
  /** Change topics of others. */
  manageTopics: boolean;
  /** Edit posts of others; only in channels. */
  editOthers: boolean;
  /** Make others admins. */
  promote: boolean;
}

/** What cannot be done in a chat with a person, as their details say. Both are true of people to whom only texts can be sent. */
export interface PersonTerms {
  noVoice: boolean;
  noPins: boolean;
}

/** A command of a bot, such as `start`, and what it does. */
export interface BotCommand {
  bot: PeerId;
  command: string;
  description: string;
}

/** The basic group from which a supergroup was made. */
export interface FormerChat {
  peer: PeerId;
  /** Its newest message. */
  upTo: MessageId;
}

/** The custom emoji beside a name. */
export interface EmojiStatus {
  emoji: string;
  /** When it ends; undefined: it stays. */
  until?: UnixTime;
}

/** What the operator of a server says of a person, bot, group or channel. */
export type PeerMark = 'verified' | 'scam' | 'fake';

export interface Peer {
  id: PeerId;
  kind: 'user' | 'group' | 'supergroup' | 'channel';
  /** Name of a person, title of a group or channel; empty for deleted accounts. */
  name: string;
  firstName?: string;
  lastName?: string;
  /** Active usernames, without `@`, the main one first. */
  usernames: string[];
  phone?: string;
  photo?: PeerPhoto;
  presence?: Presence;
  /** Number of members, if the server says it. */
  members?: number;
  isSelf?: boolean;
  isBot?: boolean;
  isContact?: boolean;
  isDeleted?: boolean;
  /** Of a person, as far as their details were loaded. */
  terms?: PersonTerms;
  /** It may be over already. */
  status?: EmojiStatus;
  /** What the operator of the server says of it. */
  mark?: PeerMark;
  /** What is shown instead of the messages, which the operator of the server wants nobody to see. */
  restriction?: string;
  /** What is opened to subscribers is open to this person. */
  isPremium?: boolean;
  /** For groups and channels: whether the account is a member. */
  isMember?: boolean;
  isCreator?: boolean;
  isAdmin?: boolean;
  /** What the account may do as an admin; a creator may do everything. */
  adminRights?: AdminRight[];
  /** People may only ask to join. */
  asksToJoin?: boolean;
  /** The group became this supergroup. */
  migratedTo?: PeerId;
  /** Of a supergroup, once it was asked for: the basic group from which it was made, as far as the account has messages of it. */
  former?: FormerChat | 'none';
  /** What members of this group may not do. */
  forbidden?: MemberRight[];
  /** Only members of this supergroup may write in it, as comments on posts. */
  joinsFirst?: boolean;
  /** Posts of this channel say which admin wrote them. */
  signs?: boolean;
  /** A channel with a discussion group, or such a group. */
  isLinked?: boolean;
  /** Content must not be copied or forwarded. */
  isProtected?: boolean;
  /** A supergroup whose messages are divided by topics. */
  isForum?: boolean;
  /** The topics of this forum are to be shown as tabs. */
  hasTabs?: boolean;
  /** Of a group or channel, as far as its details were loaded. */
  reactions?: AllowedReactions;
  rights: PeerRights;
}
