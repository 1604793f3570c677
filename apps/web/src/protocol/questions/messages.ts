import type { FormattedText, LocalFile, Message, MessageId, PeerId } from '../models.ts';

/** What a person sends. */
export interface OutgoingMessage extends FormattedText {
  peer: PeerId;
  replyTo?: MessageId;
  quote?: FormattedText & { offset: number };
  isSilent?: boolean;
  /** Several are sent as one album. */
  files?: LocalFile[];
  /** The page saw no link, or the person removed the preview. */
  withoutPreview?: boolean;
}

/** What is done with messages. */
export interface MessageQuestions {
  'messages.send': { say: OutgoingMessage; get: void };
  'messages.retry': { say: { peer: PeerId; key: string }; get: void };
  'messages.discard': { say: { peer: PeerId; key: string }; get: void };
  'messages.edit': { say: { peer: PeerId; message: MessageId } & FormattedText; get: void };
  'messages.delete': { say: { peer: PeerId; messages: MessageId[]; forBoth: boolean }; get: void };
  'messages.get': { say: { peer: PeerId; messages: MessageId[] }; get: Message[] };
  'messages.setTyping': { say: { peer: PeerId }; get: void };
}
