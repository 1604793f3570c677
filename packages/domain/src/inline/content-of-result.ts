import { rpcError } from '@aerogram/errors';
import type { tl } from '@aerogram/tl';

import type { FormattedText } from '../messages/index.ts';
import type { UrlFileOfKind } from '../web-files/index.ts';
import { mediaOfResult } from './media-of-result.ts';
import { urlFileOf } from './prepare-web-content.ts';

/** The message that a result becomes when it is sent. */
export interface InlineContent {
  text: FormattedText;
  media?: tl.MessageMedia | undefined;
  /** The file of another site that becomes its media when the message is sent. */
  file?: UrlFileOfKind | undefined;
  /** The page whose preview the bot has chosen. It is fetched when the message is sent. */
  page?: tl.inputMediaWebPage;
  noWebpage: boolean;
  invertMedia: boolean;
  replyMarkup?: tl.ReplyMarkup | undefined;
}

const NO_TEXT: FormattedText = { text: '', entities: [] };

/**
 * Makes the message of a result that somebody sends.
 * @param prepareMedia makes media of the sender
 * @throws RpcError 400 RESULT_ID_INVALID (a program that is older than the result)
 */
export async function contentOfResult(result: tl.BotInlineResult, prepareMedia: (input: tl.inputMediaContact) => Promise<tl.MessageMedia>): Promise<InlineContent> {
  const { send_message: message } = result;
  const rest = { noWebpage: true, invertMedia: false, replyMarkup: message.reply_markup };
  switch (message._) {
    case 'botInlineMessageText':
      return { ...rest, text: textOf(message), noWebpage: message.no_webpage === true, invertMedia: message.invert_media === true };
    case 'botInlineMessageMediaAuto':
      return { ...rest, text: textOf(message), media: mediaOfResult(result), file: urlFileOf(result), invertMedia: message.invert_media === true };
    case 'botInlineMessageMediaWebPage': {
      const { url, force_large_media, force_small_media } = message;
      return { ...rest, text: textOf(message), page: { _: 'inputMediaWebPage', optional: true, url, force_large_media, force_small_media }, invertMedia: message.invert_media === true };
    }
    case 'botInlineMessageMediaGeo': {
      const { geo, heading, period, proximity_notification_radius } = message;
      const media: tl.MessageMedia = period === undefined ? { _: 'messageMediaGeo', geo } : { _: 'messageMediaGeoLive', geo, heading, period, proximity_notification_radius };
      return { ...rest, text: NO_TEXT, media };
    }
    case 'botInlineMessageMediaVenue': {
      const { geo, title, address, provider, venue_id, venue_type } = message;
      return { ...rest, text: NO_TEXT, media: { _: 'messageMediaVenue', geo, title, address, provider, venue_id, venue_type } };
    }
    case 'botInlineMessageMediaContact': {
      const { phone_number, first_name, last_name, vcard } = message;
      return { ...rest, text: NO_TEXT, media: await prepareMedia({ _: 'inputMediaContact', phone_number, first_name, last_name, vcard }) };
    }
    default:
      throw rpcError('RESULT_ID_INVALID');
  }
}

function textOf({ message, entities = [] }: { message: string; entities?: tl.MessageEntity[] | undefined }): FormattedText {
  return { text: message, entities };
}
