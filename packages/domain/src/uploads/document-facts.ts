import { detectPictureType, isGif, type MadePhoto, type MadeSticker, type MediaDescription, type MediaLaneResult, type MediaWants, PHOTO_BYTES_MAX, type Sides, TYPE_BYTES } from '@aerogram/media';
import { ExpiringMap } from '@aerogram/runtime';
import type { tl } from '@aerogram/tl';

import type { DomainDeps } from '../shared/index.ts';
import { isGifToConvert, isWaveform, joinAttributes } from '../documents/index.ts';
import type { UploadKey } from './finished-upload-store.ts';
import type { UploadBytes, UploadedBytes } from './uploaded-bytes.ts';
import type { UploadContent } from './uploaded-files.ts';

/** Of how many files this process remembers what it has seen. */
const KNOWN_MAX = 10_000;
/** How long that is remembered, in seconds. Not for ever, because a good file may have been in a process that crashed for another reason. */
const KNOWN_S = 600;

/** Attributes that say something about audio or video. */
const MEDIA_ATTRIBUTES: readonly tl.DocumentAttribute['_'][] = ['documentAttributeVideo', 'documentAttributeAudio', 'documentAttributeAnimated'];

/**
 * What the server has seen in an uploaded file. `media`: audio or video. `picture`: a JPEG, PNG, WebP or GIF file, with its sides and a picture for its thumbnail, as far as these were wanted and could
 * be had. `other`: none of these, or it is damaged. `unknown`: the server has not looked, or cannot look now.
 */
export type SeenFile =
  | ({ kind: 'media' } & MediaDescription)
  | { kind: 'picture'; mimeType: string; source?: Sides; picture?: MadePhoto | undefined; sticker?: MadeSticker | undefined }
  | { kind: 'other' }
  | { kind: 'unknown' };

/** What the server itself sees in uploaded files. */
export interface DocumentFacts {
  /**
   * Looks into a file that is to become a document. Makes a picture for its thumbnail unless its client has sent one, the waveform of a voice message without one,
   * a video of an animated GIF file, and a WebP file of a sticker. Audio and video that are sent as plain files are not read.
   * @param asSticker whether to make a sticker of another picture
   */
  find(upload: UploadKey, content: UploadContent, input: FactsInput, asSticker: boolean): Promise<SeenFile>;
}

type FactsInput = Pick<tl.inputMediaUploadedDocument, 'attributes' | 'force_file' | 'mime_type' | 'thumb'>;

const UNKNOWN: SeenFile = { kind: 'unknown' };

/** Creates the reading. */
export function createDocumentFacts({ clock, media, photos }: Pick<DomainDeps, 'clock' | 'media' | 'photos'>, uploadBytes: UploadedBytes): DocumentFacts {
  const known = new ExpiringMap<string, SeenFile>({ most: KNOWN_MAX, ageS: KNOWN_S }, clock);

  const seeMedia = async ({ userId }: UploadKey, bytes: UploadBytes, wants: MediaWants): Promise<SeenFile> => (media === undefined ? UNKNOWN : seenIn(await media.describe(userId, { ...bytes, wants })));

  const seePicture = async ({ userId }: UploadKey, { size, read }: UploadBytes, { mimeType, isSticker }: { mimeType: string; isSticker: boolean }): Promise<SeenFile> => {
    if (photos === undefined || size > PHOTO_BYTES_MAX) return { kind: 'picture', mimeType };
    const result = await photos.make(userId, isSticker ? 'sticker' : 'thumb', (length = size) => read(0, Math.min(length, size)));
    return result.outcome === 'made' ? { kind: 'picture', mimeType, source: result.source, picture: result.photo, sticker: result.sticker } : { kind: 'picture', mimeType };
  };

  const see = async (upload: UploadKey, bytes: UploadBytes, input: FactsInput, asSticker: boolean): Promise<SeenFile> => {
    const { attributes, force_file: isForced, thumb } = input;
    const has = (kind: tl.DocumentAttribute['_']): boolean => attributes.some(({ _ }) => _ === kind);
    const head = await bytes.read(0, Math.min(bytes.size, TYPE_BYTES));
    const type = detectPictureType(head);
    const isSticker = has('documentAttributeSticker');
    if (type !== undefined) {
      const mimeType = `image/${type}`;
      const isComplete = thumb !== undefined && has('documentAttributeImageSize') && !(asSticker && type !== 'webp');
      return isComplete ? { kind: 'picture', mimeType } : seePicture(upload, bytes, { mimeType, isSticker: isSticker && (type === 'webp' || asSticker) });
    }
    const isPlain = isForced === true && !MEDIA_ATTRIBUTES.some(has);
    return isPlain && !isGif(head) ? UNKNOWN : seeMedia(upload, bytes, { picture: thumb === undefined, waveform: lacksWaveform(attributes), animation: isGifToConvert(input) });
  };

  return {
    async find(upload, content, input, asSticker) {
      if (media === undefined && photos === undefined) return UNKNOWN;
      const key = keyOf(upload, content, input, asSticker);
      const earlier = known.get(key);
      if (earlier !== undefined) return earlier;
      const bytes = await uploadBytes.open(upload, content);
      if (bytes === undefined) return UNKNOWN;
      const seen = await see(upload, bytes, input, asSticker);
      // Pictures and videos are too large to be remembered.
      const isShort = seen.kind === 'other' || (seen.kind === 'media' && seen.picture === undefined && seen.animation === undefined);
      if (isShort) known.set(key, seen);
      return seen;
    },
  };
}

function seenIn(result: MediaLaneResult): SeenFile {
  switch (result.outcome) {
    case 'read':
      return { kind: 'media', ...result };
    case 'picture':
      return { kind: 'picture', mimeType: 'image/gif', source: result.source, picture: result.picture };
    case 'other':
    case 'unreadable':
      return { kind: 'other' };
    case 'busy':
    case 'unavailable':
      return UNKNOWN;
  }
}

/** By user, so that nobody learns from the time of an answer which files others have. */
function keyOf({ userId }: UploadKey, { identity }: UploadContent, input: FactsInput, asSticker: boolean): string {
  const { attributes, thumb, force_file: isForced } = input;
  return [userId, Buffer.from(identity).toString('base64'), thumb === undefined, lacksWaveform(attributes), isGifToConvert(input), isForced === true, asSticker].join(' ');
}

/** Whether a file is a voice message whose client has not drawn its waveform. */
function lacksWaveform(attributes: readonly tl.DocumentAttribute[]): boolean {
  const audio = joinAttributes(attributes).find((attribute) => attribute._ === 'documentAttributeAudio');
  return audio?.voice === true && !isWaveform(audio.waveform);
}
