import { askMedia, type MediaTable } from '@aerogram/domain';
import type { tl } from '@aerogram/tl';

import { inputDocumentOf, inputPhotoOf } from '../files/input-ids.ts';
import { inputOfPoll } from './input-of-poll.ts';

/** For media that cannot be sent once more. */
const none = (): undefined => undefined;

/** A location: a copy of a live one stays where it is when the original moves on. */
const pointOf = ({ geo }: tl.messageMediaGeo | tl.messageMediaGeoLive): tl.InputMedia => ({ _: 'inputMediaGeoPoint', geo_point: inputPointOf(geo) });

/** How media of each kind are sent once more. */
const INPUTS: MediaTable<[], tl.InputMedia | undefined> = {
  messageMediaEmpty: none,
  messageMediaPhoto({ photo, spoiler, ttl_seconds }) {
    return photo?._ === 'photo' && ttl_seconds === undefined ? { _: 'inputMediaPhoto', spoiler, id: inputPhotoOf(photo) } : undefined;
  },
  messageMediaDocument({ document, spoiler, ttl_seconds, video_cover: cover, video_timestamp }) {
    if (document?._ !== 'document' || ttl_seconds !== undefined) return undefined;
    return { _: 'inputMediaDocument', spoiler, id: inputDocumentOf(document), video_cover: cover?._ === 'photo' ? inputPhotoOf(cover) : undefined, video_timestamp };
  },
  messageMediaContact: ({ phone_number, first_name, last_name, vcard }) => ({ _: 'inputMediaContact', phone_number, first_name, last_name, vcard }),
  messageMediaGeo: pointOf,
  messageMediaGeoLive: pointOf,
  messageMediaVenue: ({ geo, title, address, provider, venue_id, venue_type }) =>
    ({ _: 'inputMediaVenue', geo_point: inputPointOf(geo), title, address, provider, venue_id, venue_type }),
  messageMediaWebPage({ webpage, force_large_media, force_small_media, manual }) {
    // The server finds the page itself, unless the bot has chosen another one.
    if (manual !== true || webpage._ !== 'webPage') return undefined;
    return { _: 'inputMediaWebPage', url: webpage.url, force_large_media, force_small_media, optional: true };
  },
  messageMediaPoll: (media) => inputOfPoll(media, inputOfMedia),
  messageMediaDice: ({ emoticon }) => ({ _: 'inputMediaDice', emoticon }),
  // Bots may not write checklists themselves: `copyContent` forwards them.
  messageMediaToDo: none,
};

/** The media of a message that exists already, to be sent once more; undefined if they are none that can be. Pure. */
export function inputOfMedia(media: tl.MessageMedia): tl.InputMedia | undefined {
  return askMedia(INPUTS, media);
}

function inputPointOf(point: tl.GeoPoint): tl.InputGeoPoint {
  if (point._ === 'geoPointEmpty') return { _: 'inputGeoPointEmpty' };
  return { _: 'inputGeoPoint', lat: point.lat, long: point.long, accuracy_radius: point.accuracy_radius };
}
