import type { tl } from '@mtcute/core';
import type { Document, DocumentRole, Media, Photo, PictureSize } from '../../protocol/index.ts';
import { type Located, type Location, locationOf } from './location.ts';
import { readPreview } from './preview.ts';

/** The media of a message, and where its files are. */
export interface ReadMedia {
  media: Media;
  locations: Record<string, Location>;
}

/** A file that the server has, and that no message has yet. */
export interface StoredFile extends ReadMedia {
  input: tl.TypeInputMedia;
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
  const sticker = of('documentAttributeSticker') ?? of('documentAttributeCustomEmoji');
  const set = sticker?.stickerset._ === 'inputStickerSetID' ? { id: sticker.stickerset.id.toString(), accessHash: sticker.stickerset.accessHash.toString() } : undefined;
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
      ...(set ? { hasSet: true } : {}),
    },
    role: roleOf({ isSticker: sticker !== undefined, isAnimated: of('documentAttributeAnimated') !== undefined, audio, video }),
    locations: { [id]: { ...locationOf('document', document), ...(set ? { set } : {}) } },
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

/** Media of which this client knows nothing. */
export const UNSUPPORTED: ReadMedia = { media: { kind: 'unsupported' }, locations: {} };

/** How a kind of media is read. */
type Read<Name extends tl.TypeMessageMedia['_']> = (media: tl.FindByName<tl.TypeMessageMedia, Name>) => ReadMedia | undefined;

/** How media of each of these kinds are read. */
export type ReadTable<Names extends tl.TypeMessageMedia['_']> = { readonly [Name in Names]: Read<Name> };

function placeOf(geo: tl.TypeGeoPoint, more: { title?: string; address?: string; isLive: boolean }): ReadMedia {
  const place = readPlace(geo);
  return place === undefined ? UNSUPPORTED : { media: { kind: 'place', ...place, ...more }, locations: {} };
}

/** How media are read that stand in messages and beside parts of polls: files and places. */
export const ATTACHED: ReadTable<'messageMediaPhoto' | 'messageMediaDocument' | 'messageMediaGeo' | 'messageMediaGeoLive' | 'messageMediaVenue'> = {
  messageMediaPhoto({ photo, spoiler, ttlSeconds }) {
    const read = readPhoto(photo);
    if (read === undefined) return { media: { kind: 'expired', was: 'photo' }, locations: {} };
    return { media: { kind: 'photo', photo: read.photo, hasSpoiler: spoiler, ttl: ttlSeconds }, locations: read.locations };
  },
  messageMediaDocument({ document, spoiler, ttlSeconds, voice, video }) {
    const read = readDocument(document);
    if (read === undefined) return { media: { kind: 'expired', was: voice ? 'voice' : video ? 'video' : 'file' }, locations: {} };
    return { media: { kind: 'document', role: read.role, document: read.document, hasSpoiler: spoiler, ttl: ttlSeconds }, locations: read.locations };
  },
  messageMediaGeo: ({ geo }) => placeOf(geo, { isLive: false }),
  messageMediaGeoLive: ({ geo }) => placeOf(geo, { isLive: true }),
  messageMediaVenue: ({ geo, title, address }) => placeOf(geo, { title, address, isLive: false }),
};

/** Reads media by a table. Pure. @returns undefined if there are none */
export function readBy(table: Partial<ReadTable<tl.TypeMessageMedia['_']>>, media: tl.TypeMessageMedia | undefined): ReadMedia | undefined {
  if (media === undefined || media._ === 'messageMediaEmpty') return undefined;
  // The cast is safe: the entry of each name reads media of that name.
  const read = table[media._] as ((media: tl.TypeMessageMedia) => ReadMedia | undefined) | undefined;
  return read === undefined ? UNSUPPORTED : read(media);
}

/** Reads media that stand in messages and beside parts of polls. Pure. @returns undefined if there are none */
export const readAttached = (media: tl.TypeMessageMedia | undefined): ReadMedia | undefined => readBy(ATTACHED, media);
