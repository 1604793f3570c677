import { askMedia, type MediaTable } from '@aerogram/domain';
import type { tl } from '@aerogram/tl';

import { attributeOf, commonFields, documentKind, nameAndType, projectAudio, projectDocument, projectPhotoSizes, thumbnailFields, videoFields } from './file-objects.ts';
import { projectChecklist } from './checklist-object.ts';
import { ifNotZero, ifText, ifTrue, jsonId, type JsonObject } from './json-object.ts';
import type { KnownPeers } from './known-peers.ts';
import type { ObjectSource } from './object-source.ts';
import { projectPoll, type ShownPoll } from './poll-object.ts';
import { projectSticker } from './sticker-object.ts';

/** What media are made with: the source, the users and chats that came along, and the short names of the sticker sets that they name, by id. */
export interface MediaScope {
  source: ObjectSource;
  peers: KnownPeers;
  setNames: ReadonlyMap<bigint, string>;
}

/** No fields: it belongs to the text. */
const nothing = (): JsonObject => ({});

/** The fields that show media of each kind. */
const SHOWN: MediaTable<[MediaScope], JsonObject | undefined> = {
  messageMediaEmpty: nothing,
  messageMediaWebPage: nothing,
  messageMediaPhoto({ photo, spoiler }, { source }) {
    const sizes = projectPhotoSizes(source, photo);
    return sizes.length > 0 ? { photo: sizes, has_media_spoiler: ifTrue(spoiler) } : undefined;
  },
  messageMediaDocument: (media, scope) =>
    media.document?._ === 'document' ? { ...documentFields(scope, media, media.document), has_media_spoiler: ifTrue(media.spoiler) } : undefined,
  messageMediaGeo({ geo }) {
    const location = projectLocation(geo);
    return location && { location };
  },
  messageMediaGeoLive({ geo, period, heading, proximity_notification_radius: radius }) {
    const location = projectLocation(geo);
    return location && { location: { ...location, live_period: period, heading: ifNotZero(heading), proximity_alert_radius: ifNotZero(radius) } };
  },
  messageMediaVenue(media) {
    const location = projectLocation(media.geo);
    return location && { location, venue: { location, title: media.title, address: media.address, ...projectProvider(media) } };
  },
  messageMediaContact: ({ phone_number, first_name, last_name, vcard, user_id }) =>
    ({ contact: { phone_number, first_name, last_name: ifText(last_name), vcard: ifText(vcard), user_id: user_id === 0n ? undefined : jsonId(user_id) } }),
  messageMediaDice: ({ emoticon: emoji, value }) => ({ dice: { emoji, value } }),
  messageMediaToDo: (media, { peers }) => ({ checklist: projectChecklist(media, peers) }),
  messageMediaPoll: (media, scope) => ({ poll: projectPollIn(scope, media) }),
};

/**
 * The fields of a message that show its media; none for link previews, which belong to the text.
 * @returns undefined for what bots are not shown: media of features that the server does not have, and files that are gone
 */
export function projectMedia(scope: MediaScope, media: tl.MessageMedia | undefined): JsonObject | undefined {
  return media === undefined ? {} : askMedia(SHOWN, media, scope);
}

/** The Poll object, with its media. */
export const projectPollIn = (scope: MediaScope, poll: ShownPoll): JsonObject => projectPoll(poll, scope.peers, (media) => pollMediaOf(scope, media));

/** The fields of a PollMedia object, of which it has one. A venue is a location, too, and an animation a document. */
const POLL_MEDIA = ['venue', 'location', 'photo', 'animation', 'video', 'audio', 'sticker', 'document'];

function pollMediaOf(scope: MediaScope, media: tl.MessageMedia | undefined): JsonObject | undefined {
  const fields = projectMedia(scope, media) ?? {};
  const name = POLL_MEDIA.find((field) => fields[field] !== undefined);
  return name === undefined ? undefined : { [name]: fields[name] };
}

/** The Location object; undefined for an unknown place. */
export function projectLocation(geo: tl.GeoPoint | undefined): JsonObject | undefined {
  return geo?._ === 'geoPoint' ? { latitude: geo.lat, longitude: geo.long, horizontal_accuracy: ifNotZero(geo.accuracy_radius) } : undefined;
}

function projectProvider({ provider, venue_id: id, venue_type: type }: tl.messageMediaVenue): JsonObject {
  if (provider === 'foursquare') return { foursquare_id: ifText(id), foursquare_type: ifText(type) };
  return provider === 'gplaces' ? { google_place_id: ifText(id), google_place_type: ifText(type) } : {};
}

/** The object of a document by its kind. Animations also have `document`, which is all that old programs know. */
function documentFields({ source, setNames }: Omit<MediaScope, 'peers'>, media: tl.messageMediaDocument, document: tl.document): JsonObject {
  const kind = documentKind(document);
  const common = commonFields(source, document, kind);
  const thumbnail = thumbnailFields(source, document);
  switch (kind) {
    case 'sticker':
      return { sticker: projectSticker(source, document, setNames) };
    case 'animation':
      return { animation: { ...common, ...videoFields(document), ...nameAndType(document), ...thumbnail }, document: projectDocument(source, document, kind) };
    case 'video': {
      const cover = projectPhotoSizes(source, media.video_cover);
      const look = { cover: cover.length > 0 ? cover : undefined, start_timestamp: media.video_timestamp };
      return { video: { ...common, ...videoFields(document), ...nameAndType(document), ...thumbnail, ...look } };
    }
    case 'video_note': {
      const { width: length, duration } = videoFields(document);
      return { video_note: { ...common, length, duration, ...thumbnail } };
    }
    case 'voice': {
      const duration = Math.floor(attributeOf(document, 'documentAttributeAudio')?.duration ?? 0);
      return { voice: { ...common, duration, mime_type: ifText(document.mime_type) } };
    }
    case 'audio':
      return { audio: projectAudio(source, document) };
    case 'document':
      return { document: projectDocument(source, document) };
  }
}
