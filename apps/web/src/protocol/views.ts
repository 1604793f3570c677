import type { CallView } from './calls.ts';
import type { AdminFacts, GroupSettings, InviteLink, MemberKind, Restriction } from './manage.ts';
import type { Chat, KeptList, ListName, Message, MessageId, PeerId, Snippet, TextEntity, UnixTime } from './models.ts';
import type { BotCommand } from './peers.ts';
import type { Position } from './position.ts';
import type { CompanyEntry, LogInStep } from './questions/index.ts';
import type { KeptView, SetKind, StickerSetsView } from './stickers.ts';
import type { ChatTheme } from './themes.ts';
import type { TopicItem } from './topics.ts';

/** Whether updates arrive. */
export type ConnectionState = 'connecting' | 'updating' | 'connected';

/** What every page knows at any time. */
export interface Session {
  stage: 'starting' | 'logIn' | 'ready' | 'elsewhere';
  logIn?: LogInStep;
  me?: PeerId;
  connection: ConnectionState;
  isTestMode: boolean;
  /** How people log in with the account of their company; absent if they cannot. */
  company?: CompanyEntry;
  /** The server has a newer client than this page. */
  isOutdated?: boolean;
}

/** Who is doing what in a chat just now. */
export interface Typing {
  user: PeerId;
  action: 'typing' | 'recording' | 'uploading' | 'choosingSticker';
  /** The thread in which it happens, if it is one. */
  thread?: MessageId;
}

/** A text that a bot is still writing. */
export interface LiveDraft {
  text: string;
  entities?: TextEntity[];
}

export interface ChatItem {
  chat: Chat;
  /** It is muted now. The row is told anew when that ends. */
  isMuted: boolean;
  top?: Snippet;
  typing?: Typing[];
}

/** A tab above the list of chats. */
export interface Folder {
  /** 0 for all chats. */
  id: number;
  title: string;
  /** Chats with something unread. */
  unread: number;
  /** All of those are muted. */
  isMuted: boolean;
  /** All of its chats are muted. */
  isSilent: boolean;
}

/** What stands around the list of chats. */
export interface FoldersView {
  /** Empty if the account has no folders. */
  folders: Folder[];
  /** Chats in the archive, and those of them with something unread. */
  archived: number;
  archivedUnread: number;
  /** Unread messages in chats that are not muted, for the title of the window. */
  badge: number;
}

/** The list of chats. */
export interface ChatsView {
  /** Rows by peer; `undefined` takes a row away. */
  items: Record<PeerId, ChatItem | undefined>;
  order: PeerId[];
  hasMore: boolean;
}

/** What the server tells of a stranger, as far as it knows. */
export interface Stranger {
  /** The month in which the account was created, as its first second: the server tells no day. */
  joined?: UnixTime;
  /** Country of the phone number, such as `DE`. */
  country?: string;
}

/** What is known of an open chat beside its messages. */
export interface ChatView {
  chat?: Chat;
  typing: Typing[];
  /** What the bot of this chat is writing. */
  draft?: LiveDraft;
  /** Pinned messages, the newest first. */
  pinned?: Snippet[];
  /** Number of members who are online, in groups. */
  online?: number;
  about?: string;
  /** What stands above the messages of strangers. `canShare`: the own phone number. */
  actionBar?: { canAdd: boolean; canBlock: boolean; canReport: boolean; canShare: boolean };
  /** What the server tells of a stranger who wrote first. */
  stranger?: Stranger;
  isBlocked?: boolean;
  /** Of a private chat. */
  theme?: ChatTheme;
  /** How many groups the account and this person are both in. */
  common?: number;
  /** The account may see who the members are. */
  canSeeMembers?: boolean;
  /** The account's own permanent invite link, if it has one. */
  invite?: string;
  /** Of a group or channel. */
  settings?: GroupSettings;
  /** The group in which posts of this channel are commented, or the channel whose posts are commented in this group. */
  linked?: PeerId;
  /** In whose name the account writes in this supergroup; undefined if there is nothing to choose. */
  sendAs?: PeerId;
  /** How many people ask to be let in. */
  requests?: number;
  /** What calls to this person are possible; undefined: none. */
  calls?: { hasVideo: boolean };
  /** When messages delete themselves, in seconds. */
  ttl?: number;
  /** What the bots of the chat can be told, as far as they say it to this account; those of one bot follow each other. */
  commands?: BotCommand[];
  /** The bot of this private chat wants a button that shows its commands. */
  hasMenuButton?: boolean;
  /** What the bot of this private chat says of itself to those who have not started it. */
  description?: string;
  /** The details have been loaded. */
  isLoaded?: boolean;
  /** There is no such chat, as far as the account knows. */
  isUnknown?: boolean;
}

/** A member of a group or channel. */
export interface Member {
  peer: PeerId;
  role: 'owner' | 'admin' | 'member';
  /** What an admin is called. */
  rank?: string;
  canRemove: boolean;
  restriction?: Restriction;
  /** Of an admin, and of the owner. */
  admin?: AdminFacts;
}

/** Members of a group or channel, or those whose name begins with what is looked for. */
export interface MembersView {
  members: Member[];
  hasMore: boolean;
}

/** Somebody of whom an admin wants to know all, or set something. */
export interface MemberView {
  /** Undefined for somebody who is no member, and was not removed. */
  member?: Member;
  isLoaded: boolean;
}

/** Invite links of an admin to a group or channel, the newest first. */
export interface InvitesView {
  invites: InviteLink[];
  count: number;
  hasMore: boolean;
}

/** A place in a history: a message, the first unread one with the line above it, or the end. */
export type HistoryTarget = { jump: number } & ({ at: 'message' | 'unread'; message: Position } | { at: 'end' });

/** A window of messages of one chat, in order. That of a supergroup begins with the messages of the basic group from which it was made. Messages that are on their way stand at the end. */
export interface HistoryView {
  messages: Message[];
  hasOlder: boolean;
  hasNewer: boolean;
  isLoading: boolean;
  /** Where the window was asked to stand: the list scrolls there once. */
  target?: HistoryTarget;
  /** The first message that was unread when the chat was opened. */
  firstUnread?: MessageId;
  /** Messages that others are answered to, by `peer:id`. */
  replied: Record<string, Snippet | undefined>;
}

/** The thread of a message: the replies to a message of a supergroup, or the comments on a post of a channel. */
export interface ThreadView {
  /** Where the replies are: the group itself, or the discussion group of the channel. */
  group?: PeerId;
  /** The message of that group with which the thread begins. */
  top?: MessageId;
  count: number;
  unread: number;
  readInboxId: MessageId;
  readOutboxId: MessageId;
  typing: Typing[];
  /** As in {@link ChatView}. */
  sendAs?: PeerId;
  /** There is no such thread, or the account may not see it. */
  isGone?: boolean;
}

/** The topics of a forum. */
export interface TopicsView {
  /** Rows by topic; `undefined` takes a row away. */
  items: Record<MessageId, TopicItem | undefined>;
  order: MessageId[];
  hasMore: boolean;
  /** The account wants to see the forum as one history. */
  asMessages: boolean;
}

/** One topic, for its page. */
export interface TopicView {
  item?: TopicItem;
  typing: Typing[];
  /** There is no such topic any more. */
  isGone?: boolean;
}

/** Everything that a page can keep open, with what it says and sees. */
export interface Views {
  chats: { say: { list: ListName }; see: ChatsView };
  folders: { say: Record<string, never>; see: FoldersView };
  /** `topic`: pinned messages of this topic only. */
  chat: { say: { peer: PeerId; topic?: MessageId }; see: ChatView };
  /** `thread`: only the message with which a thread began, and the replies to it, or the messages of a topic. */
  history: { say: { peer: PeerId; thread?: MessageId; message?: Position }; see: HistoryView };
  /** `message`: with which the thread began, or one of its replies. */
  thread: { say: { peer: PeerId; message: MessageId }; see: ThreadView };
  /** A query finds members of all kinds. */
  members: { say: { peer: PeerId; query: string; kind?: MemberKind }; see: MembersView };
  member: { say: { peer: PeerId; user: PeerId }; see: MemberView };
  /** `admin`: whose links they are, if not those of the account. */
  invites: { say: { peer: PeerId; isRevoked: boolean; admin?: PeerId }; see: InvitesView };
  /** Everybody in the address book. */
  contacts: { say: Record<string, never>; see: { people: PeerId[] } };
  /** Who was opened from the search box lately. */
  recents: { say: Record<string, never>; see: { peers: PeerId[] } };
  kept: { say: { list: KeptList }; see: KeptView };
  stickerSets: { say: { kind: SetKind }; see: StickerSetsView };
  topics: { say: { peer: PeerId }; see: TopicsView };
  topic: { say: { peer: PeerId; topic: MessageId }; see: TopicView };
  call: { say: Record<string, never>; see: CallView };
}

export type ViewName = keyof Views;

/**
 * A change of what a view shows. Keys replace what was there before; in `items`, `messages` and `replied` only entries that changed are sent:
 * `messages` by their keys, `removed` takes messages away.
 */
export interface HistoryPatch extends Partial<Omit<HistoryView, 'messages'>> {
  messages?: Message[];
  removed?: string[];
}

export interface ViewPatches {
  chats: Partial<ChatsView>;
  folders: Partial<FoldersView>;
  chat: Partial<ChatView>;
  history: HistoryPatch;
  thread: Partial<ThreadView>;
  members: Partial<MembersView>;
  member: Partial<MemberView>;
  invites: Partial<InvitesView>;
  contacts: Partial<Views['contacts']['see']>;
  recents: Partial<Views['recents']['see']>;
  kept: Partial<KeptView>;
  stickerSets: Partial<StickerSetsView>;
  topics: Partial<TopicsView>;
  topic: Partial<TopicView>;
  call: Partial<CallView>;
}
