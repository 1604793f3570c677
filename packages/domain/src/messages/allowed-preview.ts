import { rpcError } from '@aerogram/errors';
import type { Tx } from '@aerogram/storage';

import { checkRight, findChatMembers, findChatRows, mayDo, type Standing, standingIn } from '../chats/index.ts';
import type { Preview } from '../web-pages/index.ts';
import { type MediaEdit, needsRight } from './edit-media.ts';
import type { OutgoingPart } from './outgoing.ts';
import { type Acting, chatIdOf } from './places.ts';
import { sendActionOf } from './send-action.ts';

/** A message with what a link preview belongs to. */
type Previewing = Pick<OutgoingPart, 'extra' | 'pending'>;

/** Whether a message has a link preview that its author chose, instead of that of the first link. Forwards have none. Pure. */
export function hasChosenPage({ extra: { media, fwdFrom } }: Previewing): boolean {
  return media?._ === 'messageMediaWebPage' && media.manual === true && fwdFrom === undefined;
}

/** Leaves out the link preview of a message whose author may not embed links. Pure. */
export function withoutPreview<P extends Previewing>(standing: Standing, part: P): P {
  if (part.extra.media?._ !== 'messageMediaWebPage' || mayDo(standing, 'embed_links')) return part;
  return { ...part, extra: { ...part.extra, media: undefined }, pending: undefined };
}

/**
 * Leaves out the link preview of a message whose author may not embed links. Pure.
 * @throws RpcError 403 CHAT_SEND_WEBPAGE_FORBIDDEN if the author chose the page
 */
export function withAllowedPreview<P extends Previewing>(standing: Standing, part: P): P {
  const allowed = withoutPreview(standing, part);
  if (allowed !== part && hasChosenPage(part)) throw rpcError('CHAT_SEND_WEBPAGE_FORBIDDEN');
  return allowed;
}

/** The same for the preview that a message has after an edit. Throws as {@link withAllowedPreview}. */
export function allowedPreview(standing: Standing, preview: Preview | undefined): Preview | undefined {
  if (preview === undefined) return undefined;
  const { extra } = withAllowedPreview(standing, { extra: { media: preview.media } });
  return extra.media === undefined ? {} : preview;
}

/** An edit of a message in a basic group. */
interface EditInChat extends Acting {
  media?: MediaEdit;
  preview: Preview | undefined;
}

/**
 * The same for an edit in a basic group, whose counter must be locked. Also checks that the author may send the new media.
 * @throws RpcError as {@link withAllowedPreview} and {@link checkRight}
 */
export async function allowedInChat(tx: Tx, { ownerId, peerId, media, preview }: EditInChat, nowDate: number): Promise<Preview | undefined> {
  if (preview?.media === undefined && !needsRight(media)) return preview;
  const chatId = chatIdOf(peerId);
  const [[chat], [member]] = await Promise.all([findChatRows(tx, [chatId]), findChatMembers(tx, [{ id: chatId, userId: ownerId }])]);
  if (chat === undefined) throw rpcError('CHAT_ID_INVALID');
  const standing = standingIn(chat, member, nowDate);
  if (needsRight(media)) checkRight(standing, sendActionOf({ extra: { media } }));
  return allowedPreview(standing, preview);
}
