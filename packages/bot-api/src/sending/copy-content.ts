import { hasCaption } from '@aerogram/domain';

import type { BotCall } from '../bot-call.ts';
import { badRequest } from '../bot-error.ts';
import type { ChatPeer } from '../params/chat-id.ts';
import { findMessages, isCopyable } from './find-messages.ts';
import { inputOfMedia } from './input-of-media.ts';
import { COPY_ERRORS } from './rename-errors.ts';
import type { Content } from './send-content.ts';

/** What is copied. */
export interface CopySource {
  from: ChatPeer;
  id: number;
  /** Takes the place of the text of media that can have one. */
  caption: Content | undefined;
}

/**
 * The content of a message, to be sent once more.
 * @throws BotError 400 `message to copy not found`, `message can't be copied`
 */
export async function copyContent(call: BotCall, { from, id, caption }: CopySource): Promise<Content> {
  const found = await findMessages(call, from, [id]);
  const { messages: [message] } = found;
  if (message === undefined) throw badRequest(COPY_ERRORS['MESSAGE_ID_INVALID']!);
  if (message._ !== 'message' || !isCopyable(found)) throw badRequest(COPY_ERRORS['CHAT_FORWARDS_RESTRICTED']!);
  const { media, entities = [], message: text, invert_media } = message;
  const own: Content = { message: text, entities, invertMedia: invert_media === true };
  if (media === undefined || media._ === 'messageMediaEmpty') return { ...own, noWebpage: true };
  const input = inputOfMedia(media);
  if (media._ === 'messageMediaWebPage') return { ...own, media: input };
  if (input === undefined) throw badRequest(COPY_ERRORS['CHAT_FORWARDS_RESTRICTED']!);
  return { ...(caption !== undefined && hasCaption(media) ? caption : own), media: input };
}
