import { rpcError } from '@aerogram/errors';
import { ANIMATION_BYTES_MAX } from '@aerogram/media';
import type { tl } from '@aerogram/tl';

import { cleanLine } from '../peers/index.ts';
import { isDuration, isSide, isWaveform, joinAttributes } from './join-attributes.ts';

/** Maximum length of a file name, and of the title and performer of music, in UTF-16 units; longer ones are cut. */
const NAME_MAX = 255;
/** Maximum length of a MIME type in UTF-16 units. */
const MIME_MAX = 100;

const MIME_TYPE = /^[a-z0-9][a-z0-9!#$&^_.+-]*\/[a-z0-9][a-z0-9!#$&^_.+-]*$/;
const ANY_BYTES = 'application/octet-stream';
/** The end of a file name that says what is in the file. */
const EXTENSION = /\.[\p{L}\p{N}_-]{1,16}$/u;

/** Maximum length of the emoji of a sticker, in UTF-16 units. */
const EMOJI_MAX = 64;
/** The type of an animated sticker. */
export const ANIMATION_TYPE = 'application/x-tgsticker';
/** The formats of stickers, and how many bytes they may have (core.telegram.org/stickers): pictures, vector animations and videos. */
const STICKER_BYTES_MAX: ReadonlyMap<string, number> = new Map([['image/webp', 512 * 1024], [ANIMATION_TYPE, ANIMATION_BYTES_MAX], ['video/webm', 256 * 1024]]);
/** The longest side of a sticker, in pixels. */
export const STICKER_SIDE_MAX = 512;

/** The MIME type in the form that is stored. Pure. */
export function cleanMimeType(mimeType: string): string {
  const clean = mimeType.trim().toLowerCase();
  return clean.length <= MIME_MAX && MIME_TYPE.test(clean) ? clean : ANY_BYTES;
}

/** Whether another file may be made of an upload, which is sent in its place: a video of an animated GIF file, or a WebP file of a sticker. Pure. */
export function mayBeConverted(input: Pick<tl.inputMediaUploadedDocument, 'mime_type' | 'force_file' | 'attributes'>): boolean {
  return isGifToConvert(input) || input.attributes.some(({ _ }) => _ === 'documentAttributeSticker');
}

/** Whether an upload is a GIF file that is to become a video, if it is animated. Pure. */
export function isGifToConvert({ mime_type: mimeType, force_file: isForced }: Pick<tl.inputMediaUploadedDocument, 'mime_type' | 'force_file'>): boolean {
  return isForced !== true && cleanMimeType(mimeType) === 'image/gif';
}

/**
 * Rebuilds the attributes of a document from what a client says about it, one of each kind ({@link joinAttributes}). Values out of range are left out. The set of a
 * sticker is not taken from clients, and custom emoji are not taken at all: they come with their sets. Pure.
 */
export function prepareAttributes(given: readonly tl.DocumentAttribute[]): tl.DocumentAttribute[] {
  return joinAttributes(given).flatMap((attribute) => prepareAttribute(attribute) ?? []);
}

function prepareAttribute(attribute: tl.DocumentAttribute): tl.DocumentAttribute | undefined {
  switch (attribute._) {
    case 'documentAttributeFilename': {
      const file_name = cleanFileName(attribute.file_name);
      return file_name === '' ? undefined : { _: 'documentAttributeFilename', file_name };
    }
    case 'documentAttributeAnimated':
      return { _: 'documentAttributeAnimated' };
    case 'documentAttributeImageSize': {
      const { w, h } = attribute;
      return isSide(w) && isSide(h) ? { _: 'documentAttributeImageSize', w, h } : undefined;
    }
    case 'documentAttributeSticker':
      return { _: 'documentAttributeSticker', alt: cleanLine(attribute.alt, EMOJI_MAX), stickerset: { _: 'inputStickerSetEmpty' } };
    case 'documentAttributeVideo':
      return prepareVideo(attribute);
    case 'documentAttributeAudio':
      return prepareAudio(attribute);
    default:
      return undefined;
  }
}

/** Whether a file can be a sticker by its type, its length and the sides that its client names. Pure. @param size bytes */
export function canBeSticker(attributes: readonly tl.DocumentAttribute[], { mimeType, size }: { mimeType: string; size: number }): boolean {
  const sides = attributes.flatMap((one) => (one._ === 'documentAttributeImageSize' || one._ === 'documentAttributeVideo' ? [one.w, one.h] : []));
  const hasSides = sides.length > 0 && sides.every((side) => side > 0 && side <= STICKER_SIDE_MAX);
  return hasSides && size <= (STICKER_BYTES_MAX.get(mimeType) ?? -1);
}

/** Whether a document is a sticker. Documents of earlier versions may only say so: what clients called a sticker was not checked. Pure. */
export function isSticker({ attributes, mime_type: mimeType, size }: tl.document): boolean {
  return attributes.some(({ _ }) => _ === 'documentAttributeSticker') && canBeSticker(attributes, { mimeType, size: Number(size) });
}

/** The document, which is shown as a file if it only says that it is a sticker: clients draw stickers as soon as they see them. Pure. */
export function withoutFalseSticker(document: tl.document): tl.document {
  const others = document.attributes.filter(({ _ }) => _ !== 'documentAttributeSticker');
  return others.length === document.attributes.length || isSticker(document) ? document : { ...document, attributes: others };
}

function prepareVideo({ round_message, supports_streaming, nosound, duration, w, h }: tl.documentAttributeVideo): tl.documentAttributeVideo | undefined {
  // Clients that do not know the size send 0.
  if (![w, h].every((side) => side === 0 || isSide(side)) || !isDuration(duration)) return undefined;
  return { _: 'documentAttributeVideo', round_message: round_message || undefined, supports_streaming: supports_streaming || undefined, nosound: nosound || undefined, duration, w, h };
}

function prepareAudio({ voice, duration, title, performer, waveform }: tl.documentAttributeAudio): tl.documentAttributeAudio | undefined {
  if (!isDuration(duration)) return undefined;
  return {
    _: 'documentAttributeAudio',
    voice: voice || undefined,
    duration,
    title: cleanText(title),
    performer: cleanText(performer),
    waveform: isWaveform(waveform) ? Uint8Array.from(waveform) : undefined,
  };
}

/** The name without the path to the file, which some clients send. One that is too long keeps its extension, by which programs tell what to open it with. */
function cleanFileName(name: string): string {
  const last = name.slice(Math.max(name.lastIndexOf('/'), name.lastIndexOf('\\')) + 1);
  const extension = last.length > NAME_MAX ? (EXTENSION.exec(last)?.[0] ?? '') : '';
  return cleanLine(last.slice(0, last.length - extension.length), NAME_MAX - extension.length) + extension;
}

function cleanText(text: string | undefined): string | undefined {
  const clean = text === undefined ? '' : cleanLine(text, NAME_MAX);
  return clean === '' ? undefined : clean;
}

/** How a message shows a document, apart from the document itself. */
export interface DocumentShow {
  /** Whether the picture is blurred until somebody taps on it. */
  spoiler: boolean;
  /** The lifetime after it was opened, in seconds; see `media-lifetime.ts`. */
  ttlSeconds: number | undefined;
}

/** A photo that clients show in the place of a video until it plays, and the second at which it begins. */
export interface VideoCover {
  cover: tl.photo | undefined;
  timestamp: number | undefined;
}

/** Adds the cover to the media of a video; other documents have none. Pure. */
export function withCover(media: DocumentMedia, { cover, timestamp }: VideoCover): DocumentMedia {
  if (media.video !== true) return media;
  const isInside = timestamp !== undefined && timestamp > 0 && isDuration(timestamp);
  return { ...media, video_cover: cover, video_timestamp: isInside ? timestamp : undefined };
}

/** Media that show a document which exists. */
export type DocumentMedia = tl.messageMediaDocument & { document: tl.document };

/**
 * The media of a message that shows a document. The flags say to clients what kind of file it is before they look at it. Pure.
 * @throws RpcError TTL_MEDIA_INVALID (a lifetime of anything but video and voice messages)
 */
export function mediaOfDocument(document: tl.document, { spoiler, ttlSeconds }: DocumentShow): DocumentMedia {
  const { attributes } = document;
  const video = attributes.find((attribute) => attribute._ === 'documentAttributeVideo');
  const audio = attributes.find((attribute) => attribute._ === 'documentAttributeAudio');
  const isAnimated = attributes.some((attribute) => attribute._ === 'documentAttributeAnimated');
  const isSticker = attributes.some((attribute) => attribute._ === 'documentAttributeSticker');
  const isVideo = video !== undefined && !isAnimated && !isSticker;
  if (ttlSeconds !== undefined && !isVideo && audio?.voice !== true) throw rpcError('TTL_MEDIA_INVALID');
  return {
    _: 'messageMediaDocument',
    spoiler: spoiler || undefined,
    video: isVideo || undefined,
    round: video?.round_message,
    voice: audio?.voice,
    document,
    ttl_seconds: ttlSeconds,
  };
}
