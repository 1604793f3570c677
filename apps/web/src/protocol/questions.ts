import type { Draft, FileRef, FormattedText, LocalFile, Message, MessageId, Peer, PeerId } from './models.ts';
import type { SearchResult } from './search.ts';

/** How a log-in code reached the person. */
export type CodeWay = 'app' | 'sms' | 'call' | 'email' | 'other';

/** What the log-in page has to show. */
export type LogInStep =
  | { step: 'phone' }
  | { step: 'code'; phone: string; way: CodeWay; length?: number; email?: string; canResendAt?: number; canResetEmail?: boolean }
  | { step: 'emailAddress'; phone: string }
  | { step: 'emailCode'; phone: string; email: string; length: number }
  | { step: 'signUp'; phone: string }
  | { step: 'password'; hint?: string; hasRecovery: boolean }
  | { step: 'recovery'; email: string }
  | { step: 'qr'; url: string };

/** A file that the person chose, on its way into a message. The server decides in the end how it is sent. */
export interface OutgoingFile extends LocalFile {
  /** Seconds. */
  duration?: number;
  waveform?: number[];
  hasSpoiler?: boolean;
  /** A JPEG of at most 320 pixels. */
  thumb?: Blob;
}

/** What a person sends. */
export interface OutgoingMessage extends FormattedText {
  peer: PeerId;
  replyTo?: MessageId;
  quote?: FormattedText & { offset: number };
  isSilent?: boolean;
  /** Several are sent as one album. */
  files?: OutgoingFile[];
  /** The page saw no link, or the person removed the preview. */
  withoutPreview?: boolean;
}

/** Everything that a page may ask, with what it says and what it gets. */
export interface Questions {
  'logIn.sendCode': { say: { phone: string }; get: void };
  'logIn.resendCode': { say: void; get: void };
  'logIn.enterCode': { say: { code: string }; get: void };
  'logIn.setEmail': { say: { email: string }; get: void };
  'logIn.resetEmail': { say: void; get: void };
  'logIn.signUp': { say: { firstName: string; lastName: string; photo?: Blob }; get: void };
  'logIn.enterPassword': { say: { password: string }; get: void };
  'logIn.startRecovery': { say: void; get: void };
  'logIn.recover': { say: { code: string }; get: void };
  'logIn.startQr': { say: void; get: void };
  'logIn.back': { say: void; get: void };
  'logIn.logOut': { say: void; get: void };

  'chats.more': { say: { view: number }; get: void };
  'chats.setPinned': { say: { peer: PeerId; isPinned: boolean }; get: void };
  'chats.setArchived': { say: { peer: PeerId; isArchived: boolean }; get: void };
  'chats.setMuted': { say: { peer: PeerId; isMuted: boolean }; get: void };
  'chats.setMarkedUnread': { say: { peer: PeerId; isMarked: boolean }; get: void };
  'chats.delete': { say: { peer: PeerId; forBoth: boolean; keepChat: boolean }; get: void };
  'chats.leave': { say: { peer: PeerId }; get: void };
  'chats.saveDraft': { say: { peer: PeerId; draft: Omit<Draft, 'date'> }; get: void };

  'history.older': { say: { view: number }; get: void };
  'history.newer': { say: { view: number }; get: void };
  /** Moves the window. Without a target it goes to the newest messages. */
  'history.jump': { say: { view: number; message?: MessageId; date?: number }; get: void };
  'history.read': { say: { peer: PeerId; upTo: MessageId }; get: void };

  'messages.send': { say: OutgoingMessage; get: void };
  'messages.retry': { say: { peer: PeerId; key: string }; get: void };
  'messages.discard': { say: { peer: PeerId; key: string }; get: void };
  'messages.edit': { say: { peer: PeerId; message: MessageId } & FormattedText; get: void };
  'messages.delete': { say: { peer: PeerId; messages: MessageId[]; forBoth: boolean }; get: void };
  'messages.forward': { say: { from: PeerId; messages: MessageId[]; to: PeerId }; get: void };
  'messages.pin': { say: { peer: PeerId; message: MessageId; isPinned: boolean; forBoth: boolean }; get: void };
  'messages.react': { say: { peer: PeerId; message: MessageId; emoji?: string }; get: void };
  'messages.get': { say: { peer: PeerId; messages: MessageId[] }; get: Message[] };
  'messages.setTyping': { say: { peer: PeerId }; get: void };

  'peers.get': { say: { peer: PeerId }; get: Peer };
  'peers.resolve': { say: { username: string }; get: PeerId };

  /** The first part of the bytes may be shown while the rest is loaded. */
  'files.load': { say: { file: FileRef }; get: Blob };
  'files.cancel': { say: { file: FileRef }; get: void };

  'search.everywhere': { say: { query: string }; get: SearchResult };
}

export type QuestionName = keyof Questions;
export type Said<Name extends QuestionName> = Questions[Name]['say'];
export type Got<Name extends QuestionName> = Questions[Name]['get'];

/** Why the worker could not do what it was asked. */
export interface Refusal {
  /** The name of the error, such as `PHONE_NUMBER_INVALID`; `OFFLINE` or `INTERNAL` if there is none. */
  code: string;
  /** Seconds after which it may be tried again. */
  seconds?: number;
}
