/** Photos of users' profiles. */
export { createCardPhotos } from './card-photos.ts';
export { createFallbackPhotos, type FallbackPhotos } from './fallback-photos.ts';
export { createProfilePhotos, type PhotoPage, type ProfileEditor, type ProfilePhotos } from './profile-photos.ts';
export { createReadPeerPhoto } from './peer-photo.ts';
