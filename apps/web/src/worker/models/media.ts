import type { tl } from '@mtcute/core';
import { type Document, type DocumentRole, type Media, type Photo, type PictureSize, VIEW_ONCE } from '../../protocol/index.ts';
import { readChecklist } from './checklist.ts';
import { type Located, type Location, locationOf } from './location.ts';
import { mergePolls, readPoll } from './poll.ts';
import { readPreview } from './preview.ts';

/** The media of a message, and where its files are. */
export interface ReadMedia {
  media: Media;
  locations: Record<string, Location>;
}

/** Reads a photo. Pure. @returns undefined if it was deleted */
export function readPhoto(photo: tl.TypePhoto | undefined): (Located & { photo: Photo }) | undefined {
  if (photo?._ !== 'photo') return undefined;
  const id = photo.id.toString();
  const sizes = photo.sizes.map(readSize).filter((size) => size !== undefined).sort((first, second) => first.width - second.width);
  return { photo: { id, sizes, preview: findPreview(photo.sizes) }, locations: { [id]: locationOf('photo', photo) } };
}

function readSize(size: tl.TypePhotoSize): PictureSize | undefined {
  if (size._ === 'photoSize') return { name: size.type, width: size.w, height: size.h, bytes: size.size };
  if (size._ === 'photoSizeProgressive') return { name: size.type, width: size.w, height: size.h, bytes: Math.max(...size.sizes) };
  return undefined;
}

function findPreview(sizes: tl.TypePhotoSize[] | undefined): Uint8Array | undefined {
  return readPreview(sizes?.find((size) => size._ === 'photoStrippedSize')?.bytes);
}

/** Reads a document and how it is shown. Pure. @returns undefined if it was deleted */
export function readDocument(document: tl.TypeDocument | undefined): (Located & { document: Document; role: DocumentRole }) | undefined {
  if (document?._ !== 'document') return undefined;
  const id = document.id.toString();
  const of = <Name extends tl.TypeDocumentAttribute['_']>(name: Name): tl.FindByName<tl.TypeDocumentAttribute, Name> | undefined =>
    document.attributes.find((attribute): attribute is tl.FindByName<tl.TypeDocumentAttribute, Name> => attribute._ === name);
  const audio = of('documentAttributeAudio');
  const video = of('documentAttributeVideo');
  const size = video ?? of('documentAttributeImageSize');
  const thumbs = document.thumbs?.map(readSize).filter((each) => each !== undefined);
  return {
    document: {
      id,
      mime: document.mimeType,
      bytes: document.size,
      name: of('documentAttributeFilename')?.fileName,
      width: size?.w,
      height: size?.h,
      duration: audio?.duration ?? video?.duration,
      title: audio?.title,
      performer: audio?.performer,
      waveform: audio?.waveform && unpackWaveform(audio.waveform),
      thumb: thumbs?.sort((first, second) => second.width - first.width)[0],
      preview: findPreview(document.thumbs),
    },
    role: roleOf({ isSticker: of('documentAttributeSticker') !== undefined, isAnimated: of('documentAttributeAnimated') !== undefined, audio, video }),
    locations: { [id]: locationOf('document', document) },
  };
}

interface Attributes {
  isSticker: boolean;
  isAnimated: boolean;
  audio?: tl.RawDocumentAttributeAudio;
  video?: tl.RawDocumentAttributeVideo;
}

function roleOf({ isSticker, isAnimated, audio, video }: Attributes): DocumentRole {
  if (isSticker) return 'sticker';
  if (isAnimated) return 'gif';
  if (video?.roundMessage) return 'round';
  if (video) return 'video';
  if (audio?.voice) return 'voice';
  return audio ? 'audio' : 'file';
}

/** Unpacks 5-bit numbers. Pure. @see https://core.telegram.org/api/files#voice-waveforms */
export function unpackWaveform(packed: Uint8Array): number[] {
  const count = Math.floor((packed.length * 8) / 5);
  return Array.from({ length: count }, (_, index) => {
    const bit = index * 5;
    const pair = packed[bit >> 3]! | ((packed[(bit >> 3) + 1] ?? 0) << 8);
    return (pair >> (bit & 7)) & 31;
  });
}

function readPlace(geo: tl.TypeGeoPoint): { latitude: number; longitude: number } | undefined {
  return geo._ === 'geoPoint' ? { latitude: geo.lat, longitude: geo.long } : undefined;
}

const UNSUPPORTED: ReadMedia = { media: { kind: 'unsupported' }, locations: {} };

/** What is left of media after they were opened: nothing but their kind, if they can be seen once. Pure. @returns undefined if they stay */
export function mediaOnceOpened(media: Media | undefined): Media | undefined {
  if (media === undefined || !('ttl' in media) || media.ttl !== VIEW_ONCE) return undefined;
  if (media.kind === 'photo') return { kind: 'expired', was: 'photo' };
  const { role } = media;
  return { kind: 'expired', was: role === 'voice' ? 'voice' : role === 'video' || role === 'round' ? 'video' : 'file' };
}

/** Reads the media of a message. Pure. @returns undefined if there is none */
export function readMedia(media: tl.TypeMessageMedia | undefined): ReadMedia | undefined {
  switch (media?._) {
    case undefined:
    case 'messageMediaEmpty':
      return undefined;
    case 'messageMediaPhoto': {
      const read = readPhoto(media.photo);
      if (read === undefined) return { media: { kind: 'expired', was: 'photo' }, locations: {} };
      return { media: { kind: 'photo', photo: read.photo, hasSpoiler: media.spoiler, ttl: media.ttlSeconds }, locations: read.locations };
    }
    case 'messageMediaDocument': {
      const read = readDocument(media.document);
      if (read === undefined) return { media: { kind: 'expired', was: media.voice ? 'voice' : media.video ? 'video' : 'file' }, locations: {} };
      return { media: { kind: 'document', role: read.role, document: read.document, hasSpoiler: media.spoiler, ttl: media.ttlSeconds }, locations: read.locations };
    }
    case 'messageMediaWebPage':
      return readPage(media.webpage);
    case 'messageMediaGeo':
    case 'messageMediaGeoLive':
    case 'messageMediaVenue': {
      const place = readPlace(media.geo);
      if (place === undefined) return UNSUPPORTED;
      const name = media._ === 'messageMediaVenue' ? { title: media.title, address: media.address } : {};
      return { media: { kind: 'place', ...place, ...name, isLive: media._ === 'messageMediaGeoLive' }, locations: {} };
    }
    case 'messageMediaToDo':
      return { media: { kind: 'checklist', list: readChecklist(media) }, locations: {} };
    case 'messageMediaContact': {
      const name = `${media.firstName} ${media.lastName}`.trim();
      return { media: { kind: 'contact', name, phone: media.phoneNumber, user: media.userId === 0 ? undefined : media.userId }, locations: {} };
    }
    case 'messageMediaDice':
      return { media: { kind: 'dice', emoji: media.emoticon, value: media.value }, locations: {} };
    case 'messageMediaPoll':
      return { media: { kind: 'poll', poll: readPoll(media) }, locations: {} };
    default:
      return UNSUPPORTED;
  }
}

/** What is known of the media of a message after it was told anew: what everybody gets alike does not say what this account may know. Pure. */
export function mergeMedia(known: Media | undefined, fresh: Media | undefined): Media | undefined {
  return known?.kind === 'poll' && fresh?.kind === 'poll' ? { kind: 'poll', poll: mergePolls(known.poll, fresh.poll) } : fresh;
}

function readPage(page: tl.TypeWebPage): ReadMedia | undefined {
  if (page._ !== 'webPage') return undefined;
  const picture = readPhoto(page.photo);
  const { url, siteName, title, description } = page;
  return { media: { kind: 'page', url, siteName, title, description, photo: picture?.photo }, locations: picture?.locations ?? {} };
}

/** The id of the preview of a link that the server is still making. Pure. */
export function awaitedPage(media: tl.TypeMessageMedia | undefined): string | undefined {
  return media?._ === 'messageMediaWebPage' && media.webpage._ === 'webPagePending' ? media.webpage.id.toString() : undefined;
}
