export { getUserPhotos } from './getUserPhotos.ts';
