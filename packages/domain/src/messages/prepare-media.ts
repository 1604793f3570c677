import { rpcError } from '@aerogram/errors';
import type { Random } from '@aerogram/runtime';
import type { tl } from '@aerogram/tl';

import type { DocumentMediaInput } from '../files/index.ts';
import { findDice, type PhotoMediaInput } from '../collections/index.ts';
import { cleanLine } from '../peers/index.ts';
import { prepareGeoPoint, prepareLiveLocation } from './live-location.ts';

/** Maximum length of names in contacts and venues, in UTF-16 units; longer ones are cut. */
const NAME_MAX = 255;

const VCARD_MAX = 2048;

/** Media that need no files. */
export type PlainMedia = tl.messageMediaContact | tl.messageMediaGeo | tl.messageMediaGeoLive | tl.messageMediaVenue | tl.messageMediaDice;

/**
 * Builds the stored media from a client's input. The value of a die is drawn when the message is sent.
 * @param findContact finds the sender's contact with this phone number. Only contacts are looked up, so that nobody learns whether a
 * stranger's number is registered.
 * @throws RpcError MEDIA_EMPTY, MEDIA_INVALID (media that need files or are not supported), GEO_POINT_INVALID, EMOTICON_EMPTY,
 * EMOTICON_INVALID, PHONE_NUMBER_INVALID, CONTACT_NAME_EMPTY
 */
export async function prepareMedia(
  random: Random,
  input: Exclude<tl.InputMedia, tl.inputMediaWebPage | DocumentMediaInput | PhotoMediaInput>,
  findContact: (phone: string) => Promise<{ phone: string; userId: bigint }>,
): Promise<PlainMedia> {
  switch (input._) {
    case 'inputMediaEmpty':
      throw rpcError('MEDIA_EMPTY');
    case 'inputMediaContact':
      return prepareContact(input, findContact);
    case 'inputMediaGeoPoint':
      return { _: 'messageMediaGeo', geo: prepareGeoPoint(random, input.geo_point) };
    case 'inputMediaGeoLive':
      return prepareLiveLocation(random, input);
    case 'inputMediaVenue':
      return {
        _: 'messageMediaVenue',
        geo: prepareGeoPoint(random, input.geo_point),
        title: cleanLine(input.title, NAME_MAX),
        address: cleanLine(input.address, NAME_MAX),
        provider: cleanLine(input.provider, NAME_MAX),
        venue_id: cleanLine(input.venue_id, NAME_MAX),
        venue_type: cleanLine(input.venue_type, NAME_MAX),
      };
    case 'inputMediaDice': {
      if (input.emoticon === '') throw rpcError('EMOTICON_EMPTY');
      const dice = findDice(input.emoticon);
      if (dice === undefined) throw rpcError('EMOTICON_INVALID');
      return dice;
    }
    default:
      throw rpcError('MEDIA_INVALID');
  }
}

async function prepareContact(
  input: tl.inputMediaContact,
  findContact: (phone: string) => Promise<{ phone: string; userId: bigint }>,
): Promise<tl.messageMediaContact> {
  const first = cleanLine(input.first_name, NAME_MAX);
  const last = cleanLine(input.last_name, NAME_MAX);
  if (first === '' && last === '') throw rpcError('CONTACT_NAME_EMPTY');
  const digits = input.phone_number.replaceAll(/\D/g, '');
  if (digits === '' || input.phone_number.length > 64) throw rpcError('PHONE_NUMBER_INVALID');
  const { phone, userId } = await findContact(input.phone_number);
  return {
    _: 'messageMediaContact',
    // As it came with or without a plus: programs compare it with what they have sent, or call it.
    phone_number: input.phone_number.trimStart().startsWith('+') && !phone.startsWith('+') ? `+${phone}` : phone,
    first_name: first,
    last_name: last,
    vcard: input.vcard.length > VCARD_MAX ? '' : input.vcard,
    user_id: userId,
  };
}
