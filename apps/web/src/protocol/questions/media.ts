import type { KeptList, Message, MessageId, PeerId } from '../models.ts';
import type { OutgoingMessage } from './messages.ts';

/** Messages that are listed by what they contain: photos and videos; files; links; music; voice and round video messages; GIFs. */
export type MediaFilter = 'media' | 'files' | 'links' | 'music' | 'voice' | 'gifs';

/** A page of such messages. */
export interface MediaPage {
  /** From old to new. */
  messages: Message[];
  /** How many there are in the chat. */
  count: number;
  /** Whether there are more in the direction that was asked for. */
  hasMore: boolean;
}

/** Photos, videos, sounds and files of chats. */
export interface MediaQuestions {
  /** Lists the newest such messages of a chat, or those before or after one of its messages. The list of a supergroup goes on with the basic group from which it was made. */
  'media.list': { say: { peer: PeerId; filter: MediaFilter; before?: MessageId; after?: MessageId; limit?: number }; get: MediaPage };
  /** How many messages of each kind a chat has, with those of the basic group from which a supergroup was made. */
  'media.counts': { say: { peer: PeerId }; get: Record<MediaFilter, number> };
  /** Tells others that somebody is recording here, or has stopped. */
  'media.setRecording': { say: { peer: PeerId; isRecording: boolean }; get: void };
  /** Sends a sticker or GIF that the account keeps, or a sticker that was shown of a set. */
  'media.sendKept': { say: Pick<OutgoingMessage, 'peer' | 'replyTo' | 'replyIn' | 'quote' | 'thread' | 'isSilent'> & { list: KeptList | 'set'; file: string }; get: void };
  /** Notes that a voice or round video message was played. */
  'media.played': { say: { peer: PeerId; message: MessageId }; get: void };
}
