import { hasCaption, isText } from '@aerogram/domain';

import type { BotCall } from '../bot-call.ts';
import { badRequest } from '../bot-error.ts';
import type { ChatPeer } from '../params/chat-id.ts';
import { COPY_ERRORS } from './error-texts.ts';
import { findMessages, isCopyable } from './find-messages.ts';
import { inputOfMedia } from './input-of-media.ts';
import type { Content } from './send-content.ts';

/** What is copied. */
export interface CopySource {
  from: ChatPeer;
  id: number;
  /** Takes the place of the text of media that can have one. */
  caption: Content | undefined;
  /** Where a video begins to play, in seconds; 0: as in the original. */
  videoStart: number;
}

/** A message that bots can only forward, without its author: they may not write such media themselves. */
export const FORWARDED = 'forwarded';

/**
 * The content of a message, to be sent once more.
 * @throws BotError 400 `message to copy not found`, `message can't be copied`
 */
export async function copyContent(call: BotCall, { from, id, caption, videoStart }: CopySource): Promise<Content | typeof FORWARDED> {
  const found = await findMessages(call, from, [id]);
  const { messages: [message] } = found;
  if (message === undefined) throw badRequest(COPY_ERRORS.MESSAGE_ID_INVALID);
  if (message._ !== 'message' || !isCopyable(found)) throw badRequest(COPY_ERRORS.CHAT_FORWARDS_RESTRICTED);
  const { media, entities = [], message: text, invert_media } = message;
  const own: Content = { message: text, entities, invertMedia: invert_media === true };
  if (media?._ === 'messageMediaToDo') return FORWARDED;
  const input = media && inputOfMedia(media);
  if (isText(media)) return media?._ === 'messageMediaWebPage' ? { ...own, media: input } : { ...own, noWebpage: true };
  if (input === undefined) throw badRequest(COPY_ERRORS.CHAT_FORWARDS_RESTRICTED);
  // The server ignores the start of what is no video.
  if (input._ === 'inputMediaDocument' && videoStart > 0) input.video_timestamp = videoStart;
  return { ...(caption !== undefined && hasCaption(media) ? caption : own), media: input };
}
