import type { tl } from '@aerogram/tl';

import { inputDocumentOf, inputPhotoOf } from '../files/input-ids.ts';
import { inputOfPoll } from './input-of-poll.ts';

type FileInput = tl.inputMediaPhoto | tl.inputMediaDocument;

/** The media of a message that exists already, to be sent once more; undefined if they are none that can be. Pure. */
export function inputOfMedia(media: tl.MessageMedia): tl.InputMedia | undefined {
  switch (media._) {
    case 'messageMediaPhoto':
    case 'messageMediaDocument':
      return inputOfFile(media);
    case 'messageMediaContact': {
      const { phone_number, first_name, last_name, vcard } = media;
      return { _: 'inputMediaContact', phone_number, first_name, last_name, vcard };
    }
    case 'messageMediaGeo':
    case 'messageMediaGeoLive':
      // A copy of a live location stays where it is when the original moves on.
      return { _: 'inputMediaGeoPoint', geo_point: inputPointOf(media.geo) };
    case 'messageMediaVenue': {
      const { title, address, provider, venue_id, venue_type } = media;
      return { _: 'inputMediaVenue', geo_point: inputPointOf(media.geo), title, address, provider, venue_id, venue_type };
    }
    case 'messageMediaWebPage': {
      const { webpage, force_large_media, force_small_media, manual } = media;
      // The server finds the page itself, unless the bot has chosen another one.
      if (manual !== true || webpage._ !== 'webPage') return undefined;
      return { _: 'inputMediaWebPage', url: webpage.url, force_large_media, force_small_media, optional: true };
    }
    case 'messageMediaPoll':
      return inputOfPoll(media, inputOfMedia);
    case 'messageMediaDice':
      return { _: 'inputMediaDice', emoticon: media.emoticon };
    default:
      return undefined;
  }
}

/** The photo or document of a message that stays; undefined if there is none. */
function inputOfFile(media: tl.MessageMedia): FileInput | undefined {
  if (media._ === 'messageMediaPhoto' && media.photo?._ === 'photo' && media.ttl_seconds === undefined) {
    return { _: 'inputMediaPhoto', spoiler: media.spoiler, id: inputPhotoOf(media.photo) };
  }
  if (media._ === 'messageMediaDocument' && media.document?._ === 'document' && media.ttl_seconds === undefined) {
    const cover = media.video_cover?._ === 'photo' ? inputPhotoOf(media.video_cover) : undefined;
    return { _: 'inputMediaDocument', spoiler: media.spoiler, id: inputDocumentOf(media.document), video_cover: cover, video_timestamp: media.video_timestamp };
  }
  return undefined;
}

function inputPointOf(point: tl.GeoPoint): tl.InputGeoPoint {
  if (point._ === 'geoPointEmpty') return { _: 'inputGeoPointEmpty' };
  return { _: 'inputGeoPoint', lat: point.lat, long: point.long, accuracy_radius: point.accuracy_radius };
}
