/** Who sent a message, as the reader sees the sender. */
export interface Sender {
  /** Decimal id of a person, a bot or a channel. */
  id: string;
  name: string;
  username?: string;
}

/** A button of an inline keyboard. */
export interface InlineButton {
  text: string;
  /** Where the button leads. */
  url?: string;
  /** `callback_data` of the button. */
  data?: string;
  /** The inline query that the button begins. */
  switchInline?: string;
  /** The text that the button copies. */
  copies?: string;
}

/** Kind of the media of a message. */
export type MediaKind =
  | 'photo'
  | 'video'
  | 'animation'
  | 'audio'
  | 'voice'
  | 'video_note'
  | 'document'
  | 'sticker'
  | 'location'
  | 'live_location'
  | 'venue'
  | 'contact'
  | 'dice'
  | 'poll'
  | 'checklist'
  | 'other';

/** What a message carries besides its text. */
export interface MessageMedia {
  kind: MediaKind;
  fileName?: string;
  /** Size in bytes. */
  size?: number;
}

/** A formatted part of a text, as in the Bot API. Offsets and lengths count UTF-16 units, as strings do. */
export interface TextEntity {
  type: string;
  offset: number;
  length: number;
  [more: string]: unknown;
}

/** A reaction to a message. */
export interface Reaction {
  emoji: string;
  count: number;
  /** Whether the reader has given it. */
  mine: boolean;
}

/** A message as one person sees it. */
export interface Message {
  /** Number in its chat, as this person counts. */
  id: number;
  /** The chat as the reader names it: id of the other person or bot, or a negative number of a group or channel. */
  chat: string;
  /** The sender; null for a post of a channel or an event without one. */
  from: Sender | null;
  /** Whether the reader sent it. */
  out: boolean;
  /** Seconds since 1970 by the clock of the cloud. */
  date: number;
  /** Seconds since 1970; only if it was edited. */
  editDate?: number;
  /** The text, or the caption of the media. */
  text: string;
  entities?: TextEntity[];
  /** Labels of the inline keyboard, row by row; or of the reply keyboard that came with it. */
  buttons: string[][];
  /** The inline keyboard, row by row. */
  inlineButtons?: InlineButton[][];
  /** Number of the message that it answers. */
  replyTo?: number;
  media?: MessageMedia;
  /** The same for all messages of an album. */
  album?: string;
  /** What happened, in a message about an event, such as `messageActionChatAddUser`. */
  action?: string;
  /** Id of the bot whose inline result it is. */
  viaBot?: string;
  reactions?: Reaction[];
}

/** Names a message: a `Message`, or its number and its chat. */
export interface MessageReference {
  id: number;
  chat: string;
}
