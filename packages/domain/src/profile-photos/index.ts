/** Photos of users' profiles. */
export { createProfilePhotos, type PhotoPage, type ProfilePhotos } from './profile-photos.ts';
export { createReadPeerPhoto } from './peer-photo.ts';
