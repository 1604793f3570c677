import type { tl } from '@aerogram/tl';

import { projectPhotoSizes } from './file-objects.ts';
import type { ObjectSource } from './object-source.ts';

/** The UserProfilePhotos object. */
export function projectUserProfilePhotos(source: ObjectSource, answer: tl.photos.Photos): object {
  const photos = answer.photos.map((photo) => projectPhotoSizes(source, photo, 'profile_photo')).filter((sizes) => sizes.length > 0);
  return { total_count: answer._ === 'photos.photosSlice' ? answer.count : photos.length, photos };
}
