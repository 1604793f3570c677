import { detectMediaType, detectPictureType, isGif, readWebpSides } from '@aerogram/media';
import type { tl } from '@aerogram/tl';

import { STICKER_SIDE_MAX } from '../documents/index.ts';

const MEBIBYTE = 1024 * 1024;

/** What a file at a URL can be sent as. */
export type UrlKind = 'photo' | 'gif' | 'video' | 'audio' | 'voice' | 'file' | 'sticker';

/** Maximum length of a photo at a URL, in bytes (core.telegram.org/bots/api#sending-files). */
const PHOTO_URL_BYTES_MAX = 5 * MEBIBYTE;
/** Maximum length of other files at a URL, in bytes (core.telegram.org/bots/api#sending-files). */
const FILE_URL_BYTES_MAX = 20 * MEBIBYTE;
/** A sound file of this type is a voice message if nobody says what it is, unless it is longer, in bytes (core.telegram.org/bots/api#sendvoice). */
const VOICE_BYTES_MAX = MEBIBYTE;

/** Maximum length of a file of a kind at a URL, in bytes. Pure. */
export function urlBytesMax(kind: UrlKind | undefined): number {
  return kind === 'photo' ? PHOTO_URL_BYTES_MAX : FILE_URL_BYTES_MAX;
}

/** What a file is, by its own bytes. */
export interface KnownType {
  mimeType: string;
  /** What it can be sent as. */
  kinds: readonly UrlKind[];
  /** What it is if nobody says it; absent if such a file is sent only by those who do. `media` leaves it to the reader of audio and video. */
  usual?: 'media' | Exclude<UrlKind, 'photo'>;
}

const PICTURES = { jpeg: 'image/jpeg', png: 'image/png', webp: 'image/webp' } as const;

/** Recognises files that can be sent by their URL: what the site or the sender calls them does not count. Pure. @returns undefined for all others */
export function recogniseType(bytes: Uint8Array): KnownType | undefined {
  const picture = detectPictureType(bytes);
  if (picture !== undefined) return picture === 'webp' ? { mimeType: PICTURES.webp, kinds: ['photo', 'sticker'], usual: 'sticker' } : { mimeType: PICTURES[picture], kinds: ['photo'] };
  if (isGif(bytes)) return { mimeType: 'image/gif', kinds: ['gif'], usual: 'gif' };
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, 8)).toString('latin1');
  if (head.startsWith('%PDF-')) return { mimeType: 'application/pdf', kinds: ['file'], usual: 'file' };
  if (head.startsWith('PK\u0003\u0004')) return { mimeType: 'application/zip', kinds: ['file'], usual: 'file' };
  return recogniseMedia(bytes);
}

function recogniseMedia(bytes: Uint8Array): KnownType | undefined {
  switch (detectMediaType(bytes)) {
    case 'mp4':
      return { mimeType: 'video/mp4', kinds: ['gif', 'video', 'audio', 'voice'], usual: 'media' };
    case 'mp3':
      // Other files begin with the same bits: only layer III is MP3.
      return bytes[0] === 0xff && (bytes[1]! & 6) !== 2 ? undefined : { mimeType: 'audio/mpeg', kinds: ['audio', 'voice'], usual: 'audio' };
    case 'ogg':
      return { mimeType: 'audio/ogg', kinds: ['audio', 'voice'], usual: bytes.length > VOICE_BYTES_MAX ? 'audio' : 'voice' };
    case 'flac':
      return { mimeType: 'audio/flac', kinds: ['audio'], usual: 'audio' };
    case 'wave':
      return { mimeType: 'audio/wav', kinds: ['audio'], usual: 'audio' };
    default:
      return undefined;
  }
}

/** What the sender of a file says about it. */
export interface UrlClaims {
  /** Rebuilt: as `prepareAttributes` leaves them. */
  attributes: readonly tl.DocumentAttribute[];
  /** The name that the URL gives the file; undefined if it gives none. */
  nameInUrl: string | undefined;
}

/** How the media reader is to take a file, as if the sender had uploaded it. */
export type UrlDescription = Pick<tl.inputMediaUploadedDocument, 'mime_type' | 'attributes' | 'force_file' | 'nosound_video'>;

/** Describes a document: of what its sender says, only what cannot be read from the file. Pure. @returns undefined if it cannot be of this kind */
export function describeUrlFile(kind: KnownType['usual'], { mimeType }: KnownType, bytes: Uint8Array, { attributes, nameInUrl }: UrlClaims): UrlDescription | undefined {
  const named = attributes.find((one) => one._ === 'documentAttributeFilename');
  const name: tl.DocumentAttribute[] = named === undefined ? (nameInUrl === undefined ? [] : [{ _: 'documentAttributeFilename', file_name: nameInUrl }]) : [named];
  const sound = attributes.find((one) => one._ === 'documentAttributeAudio');
  switch (kind) {
    case 'gif':
      return { mime_type: mimeType, attributes: [...name, { _: 'documentAttributeAnimated' }] };
    case 'video':
      return { mime_type: mimeType, attributes: name, nosound_video: true };
    case 'audio': {
      const mime_type = mimeType === 'video/mp4' ? 'audio/mp4' : mimeType;
      return { mime_type, attributes: [...name, { _: 'documentAttributeAudio', duration: sound?.duration ?? 0, title: sound?.title, performer: sound?.performer }] };
    }
    case 'voice':
      return { mime_type: mimeType === 'video/mp4' ? 'audio/mp4' : mimeType, attributes: [{ _: 'documentAttributeAudio', voice: true, duration: sound?.duration ?? 0 }] };
    case 'sticker': {
      const sides = readWebpSides(bytes);
      if (sides === undefined || Math.max(sides.width, sides.height) > STICKER_SIDE_MAX) return undefined;
      const alt = attributes.find((one) => one._ === 'documentAttributeSticker')?.alt ?? '';
      return { mime_type: mimeType, attributes: [...name, { _: 'documentAttributeImageSize', w: sides.width, h: sides.height }, { _: 'documentAttributeSticker', alt, stickerset: { _: 'inputStickerSetEmpty' } }] };
    }
    case 'media':
      return { mime_type: mimeType, attributes: name };
    case 'file':
      return { mime_type: mimeType, attributes: name, force_file: true };
    case undefined:
      return undefined;
  }
}

/** Attributes of which a document of a kind has one, unless its file only looked like such a file. A GIF picture that does not move is a plain file. */
const NEEDED: Readonly<Partial<Record<UrlKind, tl.DocumentAttribute['_']>>> = {
  video: 'documentAttributeVideo',
  audio: 'documentAttributeAudio',
  voice: 'documentAttributeAudio',
  sticker: 'documentAttributeSticker',
};

/** Whether what the media reader has made of a file is of this kind. Pure. */
export function isOfKind(kind: UrlKind, media: tl.messageMediaPhoto | tl.messageMediaDocument): boolean {
  if (media._ === 'messageMediaPhoto') return kind === 'photo';
  const document = media.document?._ === 'document' ? media.document : undefined;
  if (document === undefined) return false;
  const needed = kind === 'gif' && document.mime_type !== 'image/gif' ? 'documentAttributeVideo' : NEEDED[kind];
  return needed === undefined || document.attributes.some(({ _ }) => _ === needed);
}
