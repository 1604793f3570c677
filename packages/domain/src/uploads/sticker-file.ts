import { rpcError } from '@aerogram/errors';
import { type MadePhoto, type MediaFacts, readWebpSides, type Sides } from '@aerogram/media';
import { ExpiringMap } from '@aerogram/runtime';
import type { tl } from '@aerogram/tl';

import type { DomainDeps } from '../shared/index.ts';
import { ANIMATION_TYPE, canBeSticker, prepareAttributes, STICKER_SIDE_MAX } from '../documents/index.ts';
import type { ConvertedFile } from './converted-uploads.ts';
import type { UploadKey } from './finished-upload-store.ts';
import type { UploadedBytes } from './uploaded-bytes.ts';
import type { UploadContent } from './uploaded-files.ts';

const WEBP_TYPE = 'image/webp';
/** How long the video of a sticker may last, in seconds: three, and what the last frames may add. */
const VIDEO_SECONDS_MAX = 3.5;
/** Of how many animations this process remembers the sides, so that a call that is repeated does not look into its file again. */
const KNOWN_MAX = 10_000;
/** How long they are remembered, in seconds. Not for ever, because a good file may have been in a process that crashed for another reason. */
const KNOWN_S = 600;

/** What is known about the document to make. */
export interface StickerClaims {
  mimeType: string;
  attributes: tl.DocumentAttribute[];
  /** What was read from audio and video. */
  facts: MediaFacts | undefined;
}

/** Looks at files that clients call stickers. */
export interface StickerFiles {
  /**
   * The attributes without that of a sticker if the file is none by its type, its length, its sides or its content, so that it is sent as a file: clients draw stickers as soon as they see them.
   * Those of a sticker without what says that it is something else besides, such as a voice message.
   * @throws RpcError FLOOD_WAIT_%d while too many files are looked into
   */
  checkSticker(upload: UploadKey, content: UploadContent, claims: StickerClaims): Promise<tl.DocumentAttribute[]>;
}

/** Creates the check. */
export function createStickerFiles({ clock, photos }: Pick<DomainDeps, 'clock' | 'photos'>, uploadBytes: UploadedBytes): StickerFiles {
  const known = new ExpiringMap<string, { sides: Sides | undefined }>({ most: KNOWN_MAX, ageS: KNOWN_S }, clock);

  const readAnimation = async (upload: UploadKey, content: UploadContent): Promise<Sides | undefined> => {
    // By user, so that nobody learns from the time of an answer which files others have.
    const key = `${upload.userId} ${Buffer.from(content.identity).toString('base64')}`;
    const earlier = known.get(key);
    if (earlier !== undefined) return earlier.sides;
    const bytes = await uploadBytes.open(upload, content);
    if (bytes === undefined) return undefined;
    const result = await photos?.readShape(upload.userId, { shapeOf: 'animation', ...bytes });
    if (result?.outcome === 'busy') throw rpcError('FLOOD_WAIT_%d', result.waitS);
    const sides = result?.outcome === 'allowed' ? result.shape : undefined;
    known.set(key, { sides });
    return sides;
  };

  const readWebp = async (upload: UploadKey, content: UploadContent): Promise<Sides | undefined> => {
    const bytes = await uploadBytes.open(upload, content);
    return bytes && readWebpSides(await bytes.read(0, bytes.size));
  };

  /** The sides of a sticker; undefined if the file is none. */
  const findSides = async (upload: UploadKey, content: UploadContent, { mimeType, attributes, facts }: StickerClaims): Promise<Sides | undefined> => {
    if (!canBeSticker(attributes, { mimeType, size: content.size })) return undefined;
    if (mimeType === 'video/webm') return isVideoSticker(facts) ? facts?.video : undefined;
    const sides = await (mimeType === ANIMATION_TYPE ? readAnimation : readWebp)(upload, content);
    return areAllowed(sides) ? sides : undefined;
  };

  return {
    async checkSticker(upload, content, claims) {
      const { attributes } = claims;
      const isClaimed = attributes.some(({ _ }) => _ === 'documentAttributeSticker');
      if (!isClaimed) return attributes;
      const sides = await findSides(upload, content, claims);
      return sides === undefined ? attributes.filter(({ _ }) => _ !== 'documentAttributeSticker') : attributes.flatMap((attribute) => asOfSticker(attribute, sides));
    },
  };
}

/**
 * The sticker that the server has made of a picture, as a file to send.
 * @param claims what the bot says of the picture
 * @returns undefined if it is none by its length or its sides
 */
export function stickerOf(bytes: Uint8Array, claims: readonly tl.DocumentAttribute[], picture: MadePhoto | undefined): Omit<ConvertedFile, 'thumb'> | undefined {
  const sides = readWebpSides(bytes);
  if (!areAllowed(sides)) return undefined;
  const size: tl.DocumentAttribute = { _: 'documentAttributeImageSize', w: sides.width, h: sides.height };
  const attributes = prepareAttributes([...claims.filter(({ _ }) => _ === 'documentAttributeSticker' || _ === 'documentAttributeFilename').map(nameWebp), size]);
  return canBeSticker(attributes, { mimeType: WEBP_TYPE, size: bytes.length }) ? { bytes, mimeType: WEBP_TYPE, attributes, picture } : undefined;
}

/** The name of a sticker that was made of another picture. */
function nameWebp(attribute: tl.DocumentAttribute): tl.DocumentAttribute {
  return attribute._ === 'documentAttributeFilename' ? { ...attribute, file_name: `${attribute.file_name.replace(/\.(?:png|jpe?g)$/i, '')}.webp` } : attribute;
}

/** An attribute of a sticker, with the sides that the file has; nothing if stickers do not have it. */
function asOfSticker(attribute: tl.DocumentAttribute, { width: w, height: h }: Sides): tl.DocumentAttribute[] {
  if (attribute._ === 'documentAttributeAudio' || attribute._ === 'documentAttributeAnimated') return [];
  if (attribute._ === 'documentAttributeImageSize') return [{ ...attribute, w, h }];
  return [attribute._ === 'documentAttributeVideo' ? { ...attribute, round_message: undefined } : attribute];
}

function isVideoSticker(facts: MediaFacts | undefined): boolean {
  return facts?.type === 'matroska' && facts.codec === 'vp9' && !facts.hasSound && areAllowed(facts.video) && facts.durationS !== undefined && facts.durationS <= VIDEO_SECONDS_MAX;
}

function areAllowed(sides: Sides | undefined): sides is Sides {
  return sides !== undefined && [sides.width, sides.height].every((side) => side >= 1 && side <= STICKER_SIDE_MAX);
}
