import type { Span } from '../span.ts';
import type { Message, MessageReference } from './message.ts';

/** How a new person is called. What is left out is made up. */
export interface PersonOptions {
  /** Without `@`. */
  username?: string;
  /** International, such as `9996621234`; a test number by default. */
  phone?: string;
}

/** A person as the control API makes it. */
export interface NewPerson {
  id: string;
  name: string;
  username?: string;
  phone: string;
  code: string;
}

/** A file that a person has uploaded, for `media` of `send`. */
export interface UploadedFile {
  /** Handle of the control API. */
  file: string;
  name: string;
}

/** Media of a message that a person sends: a file that was uploaded, or its name and content. */
export interface OutgoingMedia {
  /** How it is sent; `document` by default. */
  kind?: 'photo' | 'video' | 'animation' | 'document' | 'audio' | 'voice' | 'video_note' | 'sticker';
  file?: UploadedFile;
  /** Name of the file. */
  name?: string;
  content?: Uint8Array | string;
}

/** Options of `person.send`. */
export interface SendOptions {
  /** How the text is formatted; plain by default. */
  parseMode?: 'HTML' | 'MarkdownV2';
  /** The message that it answers. */
  replyTo?: MessageReference | number;
  /** Sent without a notification. */
  silent?: boolean;
  /** Photo, document or the like; the text is its caption. */
  media?: OutgoingMedia;
}

/** What came of pressing a button. */
export interface PressResult {
  /**
   * `answered`: the bot answered the press; `sent`: the button sent a message; `url`: it opens `url`; `inline`: it begins the inline query `text`;
   * `copied`: it copies `text`.
   */
  kind: 'answered' | 'sent' | 'url' | 'inline' | 'copied';
  /** Text that the bot shows to the one who pressed, or what the button begins or copies. */
  text?: string;
  /** Whether the text is shown in a window that must be closed. */
  alert?: boolean;
  url?: string;
  /** The message that was sent, if `kind` is `sent`. */
  message?: Message;
}

/** A member of a group or channel. */
export interface Member {
  id: string;
  name: string;
  username?: string;
  role: 'creator' | 'admin' | 'member';
}

/** A file that a person has downloaded. */
export interface DownloadedFile {
  name?: string;
  content: Uint8Array;
}

/** How long to wait. */
export interface WaitOptions {
  /** 4 s by default, at most a minute: milliseconds, or text such as `'10s'`. It is real time, not the clock of the cloud. */
  timeout?: Span;
}
