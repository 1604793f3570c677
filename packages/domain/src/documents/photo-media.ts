import { type MadeAvatar, type MadePhoto, PROFILE_BOXES } from '@aerogram/media';
import type { tl } from '@aerogram/tl';

/** The type letter of the stripped preview. */
const STRIPPED_TYPE = 'i';
/** The type letter of the video of a profile (core.telegram.org/api/files#animated-profile-pictures). */
const VIDEO_TYPE = 'u';
/** The types of sizes that a thumbnail may have. */
const THUMB_TYPES: readonly string[] = ['s', 'm'];

/** The sizes of a photo as clients see them, smallest first. Pure. */
export function projectSizes({ sizes, stripped }: MadePhoto): tl.PhotoSize[] {
  return [
    ...(stripped.length === 0 ? [] : [{ _: 'photoStrippedSize' as const, type: STRIPPED_TYPE, bytes: stripped }]),
    ...sizes.map(({ type, width: w, height: h, bytes, prefixes }): tl.PhotoSize =>
      prefixes.length > 0 ? { _: 'photoSizeProgressive', type, w, h, sizes: prefixes } : { _: 'photoSize', type, w, h, size: bytes.length },
    ),
  ];
}

/** Whether a photo was made for the profile of a user or chat. Pure. */
export function isProfilePhoto({ sizes }: Pick<tl.photo, 'sizes'>): boolean {
  return sizes.some((size) => 'type' in size && size.type === PROFILE_BOXES[0].type);
}

/** The part of a photo that is the thumbnail of a document: the preview, and the largest size that is not larger than thumbnails are. Pure. */
export function thumbOf({ sizes, stripped }: MadePhoto): MadePhoto {
  return { stripped, sizes: sizes.filter(({ type }) => THUMB_TYPES.includes(type)).slice(-1) };
}

/** Where a size of a photo is in the blob of the photo, in bytes. */
export interface SizePlace {
  offset: number;
  size: number;
  isVideo: boolean;
}

/** Finds a size in the blob of a photo, which holds the sizes one after the other, and then the video. Pure. @returns undefined if the photo has no file of that size */
export function findSizePlace({ sizes, video_sizes: videos = [] }: Pick<tl.photo, 'sizes' | 'video_sizes'>, type: string): SizePlace | undefined {
  let offset = 0;
  for (const one of [...sizes, ...videos]) {
    const size = lengthOf(one);
    if (size === undefined) continue;
    if ('type' in one && one.type === type) return { offset, size, isVideo: one._ === 'videoSize' };
    offset += size;
  }
  return undefined;
}

/** The length of the file of a size, in bytes; undefined if it has none. */
function lengthOf(size: tl.PhotoSize | tl.VideoSize): number | undefined {
  if (size._ === 'photoSizeProgressive') return size.sizes.at(-1);
  return size._ === 'photoSize' || size._ === 'videoSize' ? size.size : undefined;
}

/** The video of a profile as clients see it. Pure. */
export function projectVideo({ width: w, height: h, bytes, startS }: MadeAvatar): tl.videoSize {
  return { _: 'videoSize', type: VIDEO_TYPE, w, h, size: bytes.length, video_start_ts: startS };
}

/** Media that show a photo which exists. */
export type PhotoMedia = tl.messageMediaPhoto & { photo: tl.photo };

/** How a message shows a photo, apart from the photo itself. */
export interface PhotoShow {
  /** Whether it is blurred until somebody taps on it. */
  spoiler: boolean;
  /** The lifetime after it was opened, in seconds; see `media-lifetime.ts`. */
  ttlSeconds: number | undefined;
}

/** The media of a message that shows a photo. Pure. */
export function mediaOfPhoto(photo: tl.photo, { spoiler, ttlSeconds }: PhotoShow): PhotoMedia {
  return { _: 'messageMediaPhoto', spoiler: spoiler || undefined, photo, ttl_seconds: ttlSeconds };
}

/** What a service message says of the new photo of a group or channel; undefined: it has none any more. Pure. */
export function actionOfPhoto(photo: tl.photo | undefined): tl.MessageAction {
  return photo === undefined ? { _: 'messageActionChatDeletePhoto' } : { _: 'messageActionChatEditPhoto', photo };
}
