import { rpcError } from '@aerogram/errors';
import type { tl } from '@aerogram/tl';

import { readPlaceFields } from '../params/geo-point.ts';
import type { JsonFields } from '../params/json-fields.ts';
import { readLinkPreview } from '../params/link-preview.ts';
import { paramsOf } from '../params/params.ts';
import { CAPTION_NAMES, MESSAGE_TEXT_NAMES, readText } from '../texts/index.ts';

/** The message that a result becomes, without the buttons below it. */
export type MessageContent = Exclude<
  tl.InputBotInlineMessage,
  tl.inputBotInlineMessageGame | tl.inputBotInlineMessageMediaInvoice | tl.inputBotInlineMessageRichMessage
>;

/** Contents that the server does not have, by a field of theirs. */
const UNSUPPORTED = ['rich_message', 'payload'];

/**
 * Reads the field `input_message_content` of a result.
 * @returns undefined if there is none
 * @throws BotError 400; RpcError SEND_MESSAGE_TYPE_INVALID for invoices and rich messages
 */
export function readMessageContent(result: JsonFields): MessageContent | undefined {
  const fields = result.fields('input_message_content');
  if (fields === undefined) return undefined;
  if (fields.has('message_text')) return readTextContent(result.value('input_message_content') as object, fields);
  if (UNSUPPORTED.some((name) => fields.has(name))) throw rpcError('SEND_MESSAGE_TYPE_INVALID');
  return readPlainContent(fields);
}

/** The location, venue or contact that an object describes; undefined if it describes none. @throws BotError 400 */
function readPlainContent(fields: JsonFields): MessageContent | undefined {
  if (fields.has('latitude') || fields.has('longitude')) return fields.has('address') ? readVenue(fields) : readLocation(fields);
  return fields.has('phone_number') ? readContact(fields) : undefined;
}

/** The file of a result with its caption. @throws BotError 400 */
export function readFileContent(value: object, fields: JsonFields): MessageContent {
  const { message, entities } = readText(paramsOf(value), CAPTION_NAMES);
  return { _: 'inputBotInlineMessageMediaAuto', ...(fields.bool('show_caption_above_media') && { invert_media: true }), message, entities };
}

function readTextContent(value: object, fields: JsonFields): MessageContent {
  const params = paramsOf(value);
  const { message, entities } = readText(params, MESSAGE_TEXT_NAMES);
  if (message === '') throw fields.error('Message text is empty');
  const { isDisabled, isAbove, page } = readLinkPreview(params);
  const shared = { invert_media: isAbove || undefined, message, entities };
  if (page === undefined) return { _: 'inputBotInlineMessageText', no_webpage: isDisabled || undefined, ...shared };
  return { ...shared, ...page, _: 'inputBotInlineMessageMediaWebPage' };
}

/** A place, as InputLocationMessageContent and a result of that type have it. @throws BotError 400 */
export function readLocation(fields: JsonFields): MessageContent {
  const period = fields.int('live_period');
  const live = period > 0 && { period, heading: fields.int('heading') || undefined, proximity_notification_radius: fields.int('proximity_alert_radius') || undefined };
  return { _: 'inputBotInlineMessageMediaGeo', geo_point: readPlaceFields(fields), ...live };
}

/** A place with a name, as InputVenueMessageContent and a result of that type have it. @throws BotError 400 */
export function readVenue(fields: JsonFields): MessageContent {
  const isGoogle = fields.has('google_place_id') || fields.has('google_place_type');
  const isFoursquare = fields.has('foursquare_id') || fields.has('foursquare_type');
  return {
    _: 'inputBotInlineMessageMediaVenue',
    geo_point: readPlaceFields(fields),
    title: fields.neededText('title'),
    address: fields.neededText('address'),
    provider: isGoogle ? 'gplaces' : isFoursquare ? 'foursquare' : '',
    venue_id: fields.text(isGoogle ? 'google_place_id' : 'foursquare_id'),
    venue_type: fields.text(isGoogle ? 'google_place_type' : 'foursquare_type'),
  };
}

/** A person, as InputContactMessageContent and a result of that type have it. @throws BotError 400 */
export function readContact(fields: JsonFields): MessageContent {
  return {
    _: 'inputBotInlineMessageMediaContact',
    phone_number: fields.neededText('phone_number'),
    first_name: fields.neededText('first_name'),
    last_name: fields.text('last_name'),
    vcard: fields.text('vcard'),
  };
}
