import type { Draft, FormattedText, LocalFile, Message, MessageId, PeerId, Quote } from '../models.ts';

/** What a person sends. */
export interface OutgoingMessage extends FormattedText {
  peer: PeerId;
  replyTo?: MessageId;
  /** The chat of the message that is answered, if it is another one: the basic group from which a supergroup was made. */
  replyIn?: PeerId;
  quote?: Quote;
  /** The thread in which it is written. */
  thread?: MessageId;
  isSilent?: boolean;
  /** What is played when it arrives. */
  effect?: string;
  /** Several are sent as one album. */
  files?: LocalFile[];
  /** The page saw no link, or the person removed the preview. */
  withoutPreview?: boolean;
}

/** What a message says beside its content: what it answers, and whether it makes no sound. */
export type MessageContext = Pick<OutgoingMessage, 'replyTo' | 'replyIn' | 'quote' | 'thread' | 'isSilent'>;

/** How far a report of messages has come, which the server asks for in steps. */
export type ReportStep =
  | { step: 'choose'; options: ReportOption[] }
  | { step: 'comment'; option: Uint8Array; isOptional: boolean }
  | { step: 'reported' };

/** A reason that can be chosen. */
export interface ReportOption {
  /** In the words of the server. */
  text: string;
  option: Uint8Array;
}

/** What is done with messages. */
export interface MessageQuestions {
  'messages.send': { say: OutgoingMessage; get: void };
  /** Throws a die, or another thing: its emoji. */
  'messages.throw': { say: Omit<OutgoingMessage, 'text' | 'entities' | 'files'> & { emoji: string }; get: void };
  'messages.retry': { say: { peer: PeerId; key: string }; get: void };
  /** Sends a message with the file that the person chose again, because the first one was lost by a reload. */
  'messages.replaceFile': { say: { peer: PeerId; key: string; file: LocalFile }; get: void };
  'messages.discard': { say: { peer: PeerId; key: string }; get: void };
  'messages.edit': { say: { peer: PeerId; message: MessageId } & FormattedText; get: void };
  'messages.delete': { say: { peer: PeerId; messages: MessageId[]; forBoth: boolean }; get: void };
  /**
   * @param topic of a forum in which they are to stand
   * @param hidesSender they stand there as messages of this account
   * @param hidesCaptions what stands below media is left out; only if the sender is hidden
   */
  'messages.forward': { say: { from: PeerId; messages: MessageId[]; to: PeerId; topic?: MessageId | undefined; isSilent?: boolean; hidesSender?: boolean; hidesCaptions?: boolean }; get: void };
  /** Sends what somebody says of messages that are forwarded next, so that it stands before them. */
  'messages.comment': { say: { peer: PeerId; topic?: MessageId | undefined; text: string; isSilent: boolean }; get: void };
  /** Pins for all who see the chat. `isForMe`: in a private chat, the other side does not see it. */
  'messages.setPinned': { say: { peer: PeerId; message: MessageId; isPinned: boolean; isForMe?: boolean }; get: void };
  /** Tells the operator of the server about messages. Without an option, the server offers some. */
  'messages.report': { say: { peer: PeerId; messages: MessageId[]; option?: Uint8Array; comment?: string }; get: ReportStep };
  /** Notes that what disappears after it was seen was opened. */
  'messages.open': { say: { peer: PeerId; message: MessageId }; get: void };
  /** Stores what was written and not sent; an empty text without a reply deletes it. */
  'messages.saveDraft': { say: { peer: PeerId; topic?: MessageId; draft: Omit<Draft, 'date'> }; get: void };
  'messages.get': { say: { peer: PeerId; messages: MessageId[] }; get: Message[] };
  /** Tells others that somebody is typing here, or has stopped. */
  'messages.setTyping': { say: { peer: PeerId; thread?: MessageId; isTyping: boolean }; get: void };
}
