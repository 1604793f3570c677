import { strippedPhotoToJpg } from '@mtcute/core/utils.js';

/** Makes a JPEG of a stripped preview. Pure. @returns undefined if it is none @see https://core.telegram.org/api/files#stripped-thumbnails */
export function readPreview(stripped: Uint8Array | undefined): Uint8Array | undefined {
  return stripped === undefined || stripped.length < 4 || stripped[0] !== 1 ? undefined : strippedPhotoToJpg(stripped);
}
