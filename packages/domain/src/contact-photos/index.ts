/** Photos that users set for their contacts, or suggest to them. */
export { type ContactPhotos, createContactPhotos } from './contact-photos.ts';
export { keepContactPhotos } from './keep-contact-photos.ts';
