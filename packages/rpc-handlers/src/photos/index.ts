export { deletePhotos } from './deletePhotos.ts';
export { getUserPhotos } from './getUserPhotos.ts';
export { updateProfilePhoto } from './updateProfilePhoto.ts';
export { uploadContactProfilePhoto } from './uploadContactProfilePhoto.ts';
export { uploadProfilePhoto } from './uploadProfilePhoto.ts';
