import type { tl } from '@aerogram/tl';

import type { ChatAction } from '../chats/index.ts';
import { mediaOfAnswers } from '../documents/index.ts';
import type { OutgoingPart } from './outgoing.ts';

/** The rights that a new message needs in a group or channel. Pure. */
export function sendActionsOf(part: Pick<OutgoingPart, 'extra' | 'besides'>): ChatAction[] {
  const { extra: { media, viaBotId }, besides = [] } = part;
  const needed = [sendActionOf(part), ...(media?._ === 'messageMediaPoll' ? sendActionsInPoll(media) : []), ...besides.flatMap(actionsOfFile)];
  return viaBotId === undefined ? needed : [...needed, 'send_inline'];
}

/** The rights that the files which a poll shows need, as if they were sent alone. Pure. */
function sendActionsInPoll({ poll, attached_media: attached }: tl.messageMediaPoll): ChatAction[] {
  return [...new Set([attached, ...mediaOfAnswers(poll)].flatMap(actionsOfFile))];
}

/** The right that a file needs; none for other media. Pure. */
export function actionsOfFile(media: tl.MessageMedia | undefined): ChatAction[] {
  return media?._ === 'messageMediaPhoto' || media?._ === 'messageMediaDocument' ? [sendActionOf({ extra: { media } })] : [];
}

/** The right that the media of a message, or a text without media, need in a group or channel. Pure. */
export function sendActionOf({ extra: { media } }: Pick<OutgoingPart, 'extra'>): ChatAction {
  if (media?._ === 'messageMediaDice') return 'send_stickers';
  if (media?._ === 'messageMediaPoll' || media?._ === 'messageMediaToDo') return 'send_polls';
  if (media?._ === 'messageMediaPhoto') return 'send_photos';
  return media?._ === 'messageMediaDocument' ? sendActionOfDocument(media) : 'send_plain';
}

/** The right that a message with a document needs. Pure. */
function sendActionOfDocument({ document }: tl.messageMediaDocument): ChatAction {
  const attributes = document?._ === 'document' ? document.attributes : [];
  const video = attributes.find((attribute) => attribute._ === 'documentAttributeVideo');
  const audio = attributes.find((attribute) => attribute._ === 'documentAttributeAudio');
  if (attributes.some((attribute) => attribute._ === 'documentAttributeSticker')) return 'send_stickers';
  if (attributes.some((attribute) => attribute._ === 'documentAttributeAnimated')) return 'send_gifs';
  if (video !== undefined) return video.round_message === true ? 'send_roundvideos' : 'send_videos';
  if (audio !== undefined) return audio.voice === true ? 'send_voices' : 'send_audios';
  return 'send_docs';
}
