import { rpcError } from '@aerogram/errors';
import type { Random } from '@aerogram/runtime';
import type { tl } from '@aerogram/tl';

import { findDice } from '../files/index.ts';
import { cleanLine } from '../peers/index.ts';
import { prepareGeoPoint, prepareLiveLocation } from './live-location.ts';

/** Texts of contacts and venues are cut off beyond this many UTF-16 units. */
const NAME_MAX = 255;
const VCARD_MAX = 2048;

/** What a message shows besides its text, where that needs no files. */
export type PlainMedia = tl.messageMediaContact | tl.messageMediaGeo | tl.messageMediaGeoLive | tl.messageMediaVenue | tl.messageMediaDice;

/**
 * What a client sends, as it is stored; a die is thrown when it is sent.
 * @param findContact the contact of the sender's with this normal number: nobody learns of others whether they are here
 * @throws RpcError MEDIA_EMPTY, MEDIA_INVALID (what needs files or is not there), GEO_POINT_INVALID, EMOTICON_EMPTY, EMOTICON_INVALID,
 * PHONE_NUMBER_INVALID, CONTACT_NAME_EMPTY
 */
export async function prepareMedia(
  random: Random,
  input: Exclude<tl.InputMedia, tl.inputMediaWebPage>,
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
        title: clip(input.title),
        address: clip(input.address),
        provider: clip(input.provider),
        venue_id: clip(input.venue_id),
        venue_type: clip(input.venue_type),
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
  const first = clip(input.first_name);
  const last = clip(input.last_name);
  if (first === '' && last === '') throw rpcError('CONTACT_NAME_EMPTY');
  const digits = input.phone_number.replaceAll(/\D/g, '');
  if (digits === '' || input.phone_number.length > 64) throw rpcError('PHONE_NUMBER_INVALID');
  const { phone, userId } = await findContact(input.phone_number);
  return {
    _: 'messageMediaContact',
    phone_number: phone,
    first_name: first,
    last_name: last,
    vcard: input.vcard.length > VCARD_MAX ? '' : input.vcard,
    user_id: userId,
  };
}

/** One line of plain text, cut between characters. */
function clip(text: string): string {
  const line = cleanLine(text);
  return line.length <= NAME_MAX ? line : line.slice(0, NAME_MAX).replace(/[\ud800-\udbff]$/, '');
}
