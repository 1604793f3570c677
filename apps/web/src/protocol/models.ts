// What the pages see of the account. All values are plain data, because they pass from the worker to the pages by structured clone.
// Ids of peers and messages are numbers; other 64-bit ids are decimal strings. No access hash ever leaves the worker.
import type { BotKeys, InlineButton } from './keyboards.ts';

/**
 * A user, group or channel: users have positive ids, basic groups negative ones, supergroups and channels -10^12 - id.
 * @see https://core.telegram.org/api/bots/ids
 */
export type PeerId = number;

/** Id of a message within its chat. */
export type MessageId = number;

/** Seconds since 1970. */
export type UnixTime = number;

export type EntityKind =
  | 'bold' | 'italic' | 'underline' | 'strike' | 'spoiler' | 'code' | 'pre' | 'blockquote'
  | 'url' | 'link' | 'email' | 'phone' | 'mention' | 'userMention' | 'hashtag' | 'cashtag' | 'botCommand' | 'bankCard' | 'customEmoji';

/** A formatted part of a text. Offsets count UTF-16 code units. */
export interface TextEntity {
  kind: EntityKind;
  offset: number;
  length: number;
  /** Target of `link`. */
  url?: string;
  /** Person of `userMention`. */
  user?: PeerId;
  /** Language of `pre`. */
  language?: string;
  /** Whether a `blockquote` can be collapsed. */
  isCollapsed?: boolean;
  /** Document of `customEmoji`. */
  emoji?: string;
}

export interface FormattedText {
  text: string;
  entities: TextEntity[];
}

/** One size of a picture. Its bytes are asked for by `FileRef`. */
export interface PictureSize {
  /** Name of the size, such as `m`; empty for the whole document. */
  name: string;
  width: number;
  height: number;
  bytes: number;
}

export interface Photo {
  id: string;
  /** From small to large. */
  sizes: PictureSize[];
  /** A very small JPEG that can be shown at once. */
  preview?: Uint8Array;
}

export interface Document {
  id: string;
  /** MIME type as the server says; what a page shows is decided by the content. */
  mime: string;
  bytes: number;
  name?: string;
  width?: number;
  height?: number;
  /** Seconds. */
  duration?: number;
  title?: string;
  performer?: string;
  /** Loudness of a voice message, 0 to 31. */
  waveform?: number[];
  thumb?: PictureSize;
  preview?: Uint8Array;
  /** A sticker of a set that can be looked at. */
  hasSet?: boolean;
}

/** How a document is shown. */
export type DocumentRole = 'file' | 'video' | 'round' | 'gif' | 'voice' | 'audio' | 'sticker';

export interface PollAnswer {
  /** By which the server knows it, in hexadecimal digits. */
  option: string;
  text: string;
  /** What stands beside it. */
  media?: Media;
  /** Who has added it to a poll that others may extend. */
  addedBy?: PeerId;
  /** How many have chosen it; undefined while the account may not see that. */
  voters?: number;
  /** The account has chosen it. */
  isChosen?: boolean;
  /** It is a correct answer of a quiz, as far as the account may know. */
  isCorrect?: boolean;
}

export interface Poll {
  id: string;
  /** By which the server knows in which state the account knows it. */
  hash: string;
  question: string;
  /** What stands above the question. */
  attached?: Media;
  answers: PollAnswer[];
  /** How many have voted. */
  total: number;
  isClosed?: boolean;
  /** Those who vote see who has voted for what. */
  isPublic?: boolean;
  isMultiple?: boolean;
  isQuiz?: boolean;
  /** Members of the group may add answers. */
  isOpen?: boolean;
  /** A vote cannot be changed or taken back. */
  isFinal?: boolean;
  isShuffled?: boolean;
  /** Nobody sees results before it is closed. */
  hidesResults?: boolean;
  /** The account has made it. */
  isOwn?: boolean;
  /** Others have voted in this poll of the account, which has not seen it. */
  hasUnseenVotes?: boolean;
  /** When it closes by itself. */
  closeDate?: UnixTime;
  /** Why the correct answers of a quiz are correct, as far as the account may know. */
  solution?: FormattedText;
  solutionMedia?: Media;
  /** What is known is what everybody sees alike: it says nothing of the account. */
  isMin?: boolean;
}

/** Something to do in a list, and who has done it, if somebody has. */
export interface Task {
  id: number;
  text: string;
  entities?: TextEntity[];
  doneBy?: PeerId;
}

/** What is to be done, in a message. */
export interface Checklist {
  title: string;
  entities?: TextEntity[];
  tasks: Task[];
  /** Whether others than the author may add tasks, and tick them. */
  isOpenForTasks: boolean;
  isOpenForTicks: boolean;
}

export type Media =
  | { kind: 'photo'; photo: Photo; hasSpoiler?: boolean; ttl?: number }
  | { kind: 'document'; role: DocumentRole; document: Document; hasSpoiler?: boolean; ttl?: number }
  | { kind: 'page'; url: string; siteName?: string; title?: string; description?: string; photo?: Photo }
  | { kind: 'place'; latitude: number; longitude: number; title?: string; address?: string; isLive?: boolean }
  | { kind: 'checklist'; list: Checklist }
  | { kind: 'contact'; name: string; phone: string; user?: PeerId }
  | { kind: 'dice'; emoji: string; value: number }
  | { kind: 'poll'; poll: Poll }
  | { kind: 'expired'; was: 'photo' | 'video' | 'voice' | 'file' }
  | { kind: 'unsupported' };

/** A line that the server writes about what happened in a chat. */
export type ServiceAction =
  | { kind: 'chatCreated'; title: string; users: PeerId[] }
  | { kind: 'channelCreated'; title: string }
  | { kind: 'titleChanged'; title: string }
  /** The message that was pinned is the one that the service message answers. */
  | { kind: 'pinned' }
  | { kind: 'photoChanged' | 'photoRemoved' | 'historyCleared' | 'joinedByLink' | 'joinedByRequest' | 'signedUp' | 'screenshot' }
  /** A basic group became a supergroup. In the history of the group `to` is the supergroup; in that of the supergroup `from` is the group. */
  | { kind: 'upgraded'; to: PeerId }
  | { kind: 'upgraded'; from: PeerId }
  /** '' if the chat has no theme any more. */
  | { kind: 'themeChanged'; emoji: string }
  | { kind: 'wallpaperChanged' | 'photoSuggested' | 'birthdaySuggested' }
  | { kind: 'usersAdded'; users: PeerId[] }
  | { kind: 'userRemoved'; user: PeerId }
  | { kind: 'ttlChanged'; seconds: number }
  | { kind: 'ownerChanged' | 'ownerPending'; user: PeerId }
  | { kind: 'protectionChanged' | 'protectionAsked'; isOn: boolean }
  /** Two people who share where they are came close to each other. */
  | { kind: 'near'; user: PeerId; other: PeerId; meters: number }
  /** A call that other clients made. `seconds` is the length of the talk, if there was one and it is known. */
  | { kind: 'call'; isVideo: boolean; end: 'missed' | 'declined' | 'over'; seconds?: number }
  /** Somebody gave a bot peers that it had asked for by a key. */
  | { kind: 'peersShared'; peers: PeerId[]; button: number; bot: PeerId }
  | { kind: 'botAllowed'; bot: PeerId }
  | { kind: 'tasksTicked'; done: number; undone: number }
  | { kind: 'tasksAdded'; tasks: string[] }
  | { kind: 'topicCreated'; title: string; colour: number }
  /** What is undefined was not changed. */
  | { kind: 'topicEdited'; title?: string; icon?: string; isClosed?: boolean; isHidden?: boolean }
  /** Of a poll that others may extend. */
  | { kind: 'pollAnswerAdded' | 'pollAnswerDeleted'; answer: string }
  | { kind: 'other'; name: string };

/** Where a forwarded message comes from. */
export interface Forwarded {
  from?: PeerId;
  /** Name of somebody who does not want to be linked. */
  name?: string;
  /** The post, if it comes from a channel. */
  post?: MessageId;
  author?: string;
  date: UnixTime;
  /** The message itself, if it was forwarded to Saved Messages. */
  origin?: { peer: PeerId; message: MessageId };
}

/** A part of a message that is answered. */
export interface Quote extends FormattedText {
  /** Where about it stands in the whole text, in UTF-16 code units. */
  at: number;
}

export interface ReplyTo {
  /** 0 if only its author and text are known: messages of basic groups have another id for each member. */
  id: MessageId;
  /** The other chat, if the message that is answered is not in this one. */
  peer?: PeerId;
  /** Who wrote the message of the other chat, which perhaps cannot be read here. */
  author?: { peer?: PeerId; name?: string };
  quote?: Quote;
}

/** One kind of reaction to a message. */
export interface Reaction {
  /** Its key, see `customIdOf`. */
  emoji: string;
  count: number;
  isChosen: boolean;
  /** Its place among those that the account has given to the message. */
  order?: number;
  /** Who gave it, if all of them are known. */
  people?: PeerId[];
}

/** The replies to a message of a supergroup, or the comments on a post of a channel. */
export interface Replies {
  count: number;
  /** Which of two answers is the newer one. */
  version: number;
  /** Who replied last, the last one first; the server tells it of comments only. */
  recent?: PeerId[];
  /** The newest reply. */
  maxId?: MessageId;
  /** Up to which reply the account has read, if it has opened the thread. */
  readMaxId?: MessageId;
  /** The group in which a post is commented. */
  group?: PeerId;
}

/** What became of an own message. */
export type SendState = 'sending' | 'failed';

/** A file of this device in a message that is on its way. The server decides in the end how it is sent. */
export interface LocalFile {
  file: Blob;
  as: 'photo' | 'video' | 'voice' | 'audio' | 'gif' | 'file';
  name: string;
  width?: number;
  height?: number;
  /** Seconds. */
  duration?: number;
  /** Loudness of a voice message, 0 to 31. */
  waveform?: number[];
  hasSpoiler?: boolean;
  /** A JPEG of at most 320 pixels. */
  thumb?: Blob;
}

/** What an account does with a message that was sent before. */
export type WaitingChange = 'edit' | 'delete';

export interface Message {
  /** Stays the same while the message is shown: the random id of what was sent from here, else the chat with the id. */
  key: string;
  /** 0 until the server has given an id. */
  id: MessageId;
  peer: PeerId;
  /** The author; the channel itself for its posts. */
  from: PeerId;
  date: UnixTime;
  isOut: boolean;
  /** A post of a channel. */
  isPost?: boolean;
  signature?: string;
  text: string;
  entities?: TextEntity[];
  media?: Media;
  service?: ServiceAction;
  forwarded?: Forwarded;
  /** In the chat with answers to comments: where the answer is. */
  answer?: { group: PeerId; root: MessageId; message: MessageId };
  replyTo?: ReplyTo;
  /** Its topic in a forum; undefined in General. */
  topic?: MessageId;
  /** The message with which the thread began in which this one is a reply. */
  thread?: MessageId;
  /** What was replied to it. */
  replies?: Replies;
  /** Messages of one album have the same. */
  album?: string;
  editDate?: UnixTime;
  views?: number;
  reactions?: Reaction[];
  /** Somebody reacted to this own message, and the account has not seen it. */
  hasUnseenReaction?: boolean;
  /** The account may see who has reacted. */
  canSeeReactors?: boolean;
  isPinned?: boolean;
  /** What is played when it arrives. */
  effect?: string;
  isSilent?: boolean;
  mentionsMe?: boolean;
  /** An incoming voice or round video message that was not played yet, or another message whose mention was not seen. */
  isUnplayed?: boolean;
  isProtected?: boolean;
  via?: PeerId;
  /** What a bot has put below the message, in rows. */
  buttons?: InlineButton[][];
  /** What a bot wants to have in place of the keys of a phone. */
  keys?: BotKeys;
  state?: SendState;
  /** What the account did with it, and the server has not answered yet. */
  waitsFor?: WaitingChange;
  /** Why it was not sent, and when it is tried again. */
  failure?: { reason: string; retryAt?: UnixTime };
  /** The file of a message that is on its way, as it was chosen. */
  local?: LocalFile;
  /** How much of it has reached the server: 0 to 1. */
  progress?: number;
}

export interface Draft extends FormattedText {
  replyTo?: MessageId;
  /** The chat of the message that is answered, if it is another one. */
  replyIn?: PeerId;
  quote?: Quote;
  date: UnixTime;
}

/** A list of chats: that of all chats, the archive, or a folder by its id. Each has pins of its own. */
export type ListName = 'main' | 'archive' | number;

/** A row of the list of chats. */
export interface Chat {
  peer: PeerId;
  topId: MessageId;
  /** By which the list is sorted: that of the newest message or draft. */
  date: UnixTime;
  unread: number;
  mentions: number;
  /** Own messages with reactions that were not seen. */
  reactions?: number;
  /** Number of polls of the account with votes that it has not seen. */
  votes?: number;
  isMarkedUnread?: boolean;
  readInboxId: MessageId;
  readOutboxId: MessageId;
  /** Place among the pinned chats of its folder, from 0. */
  pinned?: number;
  isArchived?: boolean;
  mutedUntil?: UnixTime;
  draft?: Draft;
  /** The account wants to see a forum as one history. */
  asMessages?: boolean;
}

/** One line about a message, for the list of chats, replies and pins. */
export interface Snippet {
  peer: PeerId;
  id: MessageId;
  from: PeerId;
  isOut: boolean;
  date: UnixTime;
  text: string;
  /** What the message consists of beside its text. */
  media?: Media['kind'] | DocumentRole;
  service?: ServiceAction;
  state?: SendState;
}

/** Stickers that were sent last, those that were chosen, and chosen GIFs. */
export type KeptList = 'recent' | 'favourite' | 'gifs';

/** Names a file that the worker can load: of a message, of a peer, or of what the account keeps. */
export type FileRef =
  | { of: 'message'; peer: PeerId; message: MessageId; file: string; size: string }
  | { of: 'peer'; peer: PeerId; photo: string; isBig: boolean }
  | { of: 'kept'; list: KeptList; file: string; size: string }
  | { of: 'sticker'; file: string; size: string }
  | { of: 'shown'; file: string; size: string };
