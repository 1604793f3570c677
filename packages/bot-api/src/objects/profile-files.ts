import type { tl } from '@aerogram/tl';

import { projectAudio, projectPhotoSizes } from './file-objects.ts';
import type { ObjectSource } from './object-source.ts';

/** The UserProfilePhotos object. */
export function projectUserProfilePhotos(source: ObjectSource, answer: tl.photos.Photos): object {
  const photos = answer.photos.map((photo) => projectPhotoSizes(source, photo, 'profile_photo')).filter((sizes) => sizes.length > 0);
  return { total_count: answer._ === 'photos.photosSlice' ? answer.count : photos.length, photos };
}

/** The UserProfileAudios object. */
export function projectUserProfileAudios(source: ObjectSource, answer: tl.users.SavedMusic): object {
  const documents = answer._ === 'users.savedMusic' ? answer.documents : [];
  return { total_count: answer.count, audios: documents.flatMap((document) => (document._ === 'document' ? [projectAudio(source, document)] : [])) };
}
