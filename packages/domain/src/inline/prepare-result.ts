import { rpcError } from '@aerogram/errors';
import type { tl } from '@aerogram/tl';

import type { Files } from '../files/index.ts';
import { findKnownEmoji } from '../documents/index.ts';
import { emojiInMarkup, rebuildMarkup } from '../keyboards/index.ts';
import type { MediaInputs, Messages } from '../messages/index.ts';
import { cleanLine } from '../peers/index.ts';
import { type DomainDeps, flagOf, normalizeUrl } from '../shared/index.ts';
import type { WebFileSigner } from '../web-files/index.ts';
import { INLINE_DESCRIPTION_MAX, INLINE_ID_BYTES, INLINE_TITLE_MAX } from './inline-limits.ts';
import { isUrlKind, prepareWebContent, signThumb } from './prepare-web-content.ts';

/** What {@link prepareResult} asks for. */
export interface ResultDeps extends Pick<DomainDeps, 'db'> {
  messages: Pick<Messages, 'normalizeText' | 'normalizeCaption'>;
  mediaInputs: Pick<MediaInputs, 'prepare'>;
  files: Pick<Files, 'doPrepareMedia' | 'photos'>;
  webFiles: { readonly signer: Pick<WebFileSigner, 'sign'> };
}

/** Types of results that are no file. */
const PLAIN_TYPES = new Set(['article', 'contact', 'geo', 'venue']);
/** Types of results that are documents. */
const DOCUMENT_TYPES = new Set(['gif', 'video', 'audio', 'voice', 'file', 'sticker']);

/**
 * Rebuilds a result that a bot offers, field by field. Media are as they are stored in messages.
 * @throws RpcError 400 RESULT_ID_EMPTY, RESULT_ID_INVALID (too long), RESULT_TYPE_INVALID, ARTICLE_TITLE_EMPTY, SEND_MESSAGE_TYPE_INVALID,
 * SEND_MESSAGE_MEDIA_INVALID (a caption without media), PHOTO_THUMB_URL_EMPTY, FILE_TITLE_EMPTY, as {@link signThumb} and {@link prepareWebContent}, and the errors of texts, media, files and keyboards
 */
export async function prepareResult(deps: ResultDeps, botId: bigint, input: tl.InputBotInlineResult): Promise<tl.BotInlineResult> {
  const { id } = input;
  if (id === '') throw rpcError('RESULT_ID_EMPTY');
  if (Buffer.byteLength(id) > INLINE_ID_BYTES) throw rpcError('RESULT_ID_INVALID');
  if (input._ === 'inputBotInlineResultGame') throw rpcError('RESULT_TYPE_INVALID');
  const { type } = input;
  if (input._ === 'inputBotInlineResultPhoto') {
    if (type !== 'photo') throw rpcError('RESULT_TYPE_INVALID');
    const { photo } = await deps.files.photos.doPrepareMedia(botId, { _: 'inputMediaPhoto', id: input.photo });
    return { _: 'botInlineMediaResult', id, type, photo, send_message: await prepareMessage(deps, botId, input.send_message, true) };
  }
  const title = lineOf(input.title, INLINE_TITLE_MAX);
  const description = lineOf(input.description, INLINE_DESCRIPTION_MAX);
  if (input._ === 'inputBotInlineResultDocument') {
    if (!DOCUMENT_TYPES.has(type)) throw rpcError('RESULT_TYPE_INVALID');
    const { document } = await deps.files.doPrepareMedia(botId, { _: 'inputMediaDocument', id: input.document });
    return { _: 'botInlineMediaResult', id, type, document, title, description, send_message: await prepareMessage(deps, botId, input.send_message, true) };
  }
  const { signer } = deps.webFiles;
  if (!PLAIN_TYPES.has(type) && !isUrlKind(type)) throw rpcError('RESULT_TYPE_INVALID');
  const content = prepareWebContent(signer, type, input.content);
  if (type === 'article' && title === undefined) throw rpcError('ARTICLE_TITLE_EMPTY');
  if (type === 'file' && title === undefined) throw rpcError('FILE_TITLE_EMPTY');
  if (type === 'photo' && input.thumb === undefined) throw rpcError('PHOTO_THUMB_URL_EMPTY');
  return {
    _: 'botInlineResult',
    id,
    type,
    title,
    description,
    url: input.url === undefined ? undefined : normalizeUrl(input.url),
    thumb: input.thumb && signThumb(signer, input.thumb),
    content,
    send_message: await prepareMessage(deps, botId, input.send_message, content?._ === 'webDocument'),
  };
}

/** The text as one line; undefined if nothing is left of it. */
function lineOf(text: string | undefined, max: number): string | undefined {
  return cleanLine(text ?? '', max) || undefined;
}

/** Rebuilds what is sent when somebody chooses the result. @param hasMedia whether the result is a file */
async function prepareMessage({ db, mediaInputs, messages }: ResultDeps, botId: bigint, input: tl.InputBotInlineMessage, hasMedia: boolean): Promise<tl.BotInlineMessage> {
  if (input._ === 'inputBotInlineMessageGame' || input._ === 'inputBotInlineMessageMediaInvoice' || input._ === 'inputBotInlineMessageRichMessage') throw rpcError('SEND_MESSAGE_TYPE_INVALID');
  // As in channels, there are only buttons below the message: a keyboard in place of the keys would be from somebody else.
  const bot = { userId: botId, isBot: true };
  const reply_markup = input.reply_markup && rebuildMarkup(input.reply_markup, 'broadcast', await findKnownEmoji(db, emojiInMarkup(input.reply_markup)));
  switch (input._) {
    case 'inputBotInlineMessageText': {
      const { text: message, entities } = await messages.normalizeText(botId, input.message, input.entities);
      return { _: 'botInlineMessageText', no_webpage: flagOf(input.no_webpage), invert_media: flagOf(input.invert_media), message, entities, reply_markup };
    }
    case 'inputBotInlineMessageMediaAuto': {
      if (!hasMedia) throw rpcError('SEND_MESSAGE_MEDIA_INVALID');
      const { text: message, entities } = await messages.normalizeCaption(botId, input.message, input.entities);
      return { _: 'botInlineMessageMediaAuto', invert_media: flagOf(input.invert_media), message, entities, reply_markup };
    }
    case 'inputBotInlineMessageMediaWebPage': {
      const url = normalizeUrl(input.url);
      if (url === undefined) throw rpcError('WEBPAGE_MEDIA_EMPTY');
      const { text: message, entities } = await messages.normalizeText(botId, input.message, input.entities);
      const { invert_media, force_large_media, force_small_media } = input;
      return { _: 'botInlineMessageMediaWebPage', invert_media: flagOf(invert_media), force_large_media: flagOf(force_large_media), force_small_media: flagOf(force_small_media), message, entities, url, reply_markup };
    }
    case 'inputBotInlineMessageMediaGeo': {
      const { geo_point, heading, period, proximity_notification_radius } = input;
      const isFixed = period === undefined || period === 0;
      const media = await mediaInputs.prepare(isFixed ? { _: 'inputMediaGeoPoint', geo_point } : { _: 'inputMediaGeoLive', geo_point, heading, period, proximity_notification_radius }, bot);
      if (media._ === 'messageMediaGeo') return { _: 'botInlineMessageMediaGeo', geo: media.geo, reply_markup };
      if (media._ !== 'messageMediaGeoLive') throw rpcError('SEND_MESSAGE_TYPE_INVALID');
      const { _, ...live } = media;
      return { _: 'botInlineMessageMediaGeo', ...live, reply_markup };
    }
    case 'inputBotInlineMessageMediaVenue': {
      const { geo_point, title, address, provider, venue_id, venue_type } = input;
      const media = await mediaInputs.prepare({ _: 'inputMediaVenue', geo_point, title, address, provider, venue_id, venue_type }, bot);
      if (media._ !== 'messageMediaVenue') throw rpcError('SEND_MESSAGE_TYPE_INVALID');
      const { _, ...venue } = media;
      return { _: 'botInlineMessageMediaVenue', ...venue, reply_markup };
    }
    case 'inputBotInlineMessageMediaContact': {
      const { phone_number, first_name, last_name, vcard } = input;
      const media = await mediaInputs.prepare({ _: 'inputMediaContact', phone_number, first_name, last_name, vcard }, bot);
      if (media._ !== 'messageMediaContact') throw rpcError('SEND_MESSAGE_TYPE_INVALID');
      // Whether the number is that of a user depends on the contacts of whoever sends it.
      return { _: 'botInlineMessageMediaContact', phone_number: media.phone_number, first_name: media.first_name, last_name: media.last_name, vcard: media.vcard, reply_markup };
    }
  }
}
