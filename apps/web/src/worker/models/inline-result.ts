import type { tl } from '@mtcute/core';
import type { InlineResult, ResultPicture } from '../../protocol/index.ts';
import type { Location, WebLocation } from './location.ts';
import { readDocument, readPhoto } from './attached.ts';

/** Width from which a picture is sharp enough in a list or a gallery, in pixels. */
const SHARP = 300;
/** A picture without smaller ones is loaded as a whole up to so many bytes. */
const WHOLE_BYTES = 512 * 1024;

/** A result of a bot, and where its picture is. */
export interface ReadResult {
  result: InlineResult;
  locations: Record<string, Location | WebLocation>;
}

interface ReadPicture {
  picture?: ResultPicture;
  locations: ReadResult['locations'];
}

const KINDS: Record<string, InlineResult['kind']> = { photo: 'photo', gif: 'gif', video: 'video', sticker: 'sticker', geo: 'place', venue: 'place', contact: 'contact' };

function readMediaPicture({ photo, document }: tl.RawBotInlineMediaResult): ReadPicture {
  const shown = readPhoto(photo);
  if (shown) {
    const { id, sizes, preview } = shown.photo;
    const size = sizes.find(({ width }) => width >= SHARP) ?? sizes.at(-1);
    return { picture: size && { file: { of: 'shown', file: id, size: size.name }, preview }, locations: shown.locations };
  }
  const read = readDocument(document);
  if (!read) return { locations: {} };
  const { id, mime, bytes, thumb, preview } = read.document;
  const isSmallPicture = mime.startsWith('image/') && bytes <= WHOLE_BYTES;
  const size = thumb?.name ?? (isSmallPicture ? '' : undefined);
  return size === undefined ? { locations: {} } : { picture: { file: { of: 'shown', file: id, size }, preview }, locations: read.locations };
}

function readThumb(thumb: tl.TypeWebDocument | undefined): ReadPicture {
  if (thumb?._ !== 'webDocument' || !thumb.mimeType.startsWith('image/')) return { locations: {} };
  const { url, accessHash } = thumb;
  const file = `web:${url}`;
  return { picture: { file: { of: 'shown', file, size: '' } }, locations: { [file]: { kind: 'web', url, accessHash: accessHash.toString() } } };
}

/** Reads a result that a bot offers. Pure. */
export function readResult(result: tl.TypeBotInlineResult): ReadResult {
  const { id, type, title, description, sendMessage } = result;
  const isFile = result._ === 'botInlineMediaResult';
  const { picture, locations } = isFile ? readMediaPicture(result) : readThumb(result.thumb);
  const name = isFile ? readDocument(result.document)?.document.name : undefined;
  const caption = sendMessage._ === 'botInlineMessageMediaAuto' && sendMessage.message !== '' ? sendMessage.message : undefined;
  return { result: { id, kind: KINDS[type] ?? 'file', title: title ?? name, description, caption, picture }, locations };
}
