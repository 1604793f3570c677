/** Uploads: how the parts that a client sends become a blob and a document, and how many documents nobody has sent may wait. */
export { createContentGate } from './content-gate.ts';
export { createConvertedUploads } from './converted-uploads.ts';
export { createDocumentFacts } from './document-facts.ts';
export { createDocumentUploads, type DocumentUploads } from './document-uploads.ts';
export { saveFinishedUpload as saveUploadOf, sweepFinishedUploads, type UploadKey } from './finished-upload-store.ts';
export { createPagePhotos, type PagePhotos } from './page-photos.ts';
export { createPhotoUploads, type PhotoUploads } from './photo-uploads.ts';
export { type SetDocument, SetDocuments, type SetDocumentWish, type SetSource } from './set-documents.ts';
export { WALLPAPER_TYPES } from './see-wallpaper.ts';
export { createStickerFiles } from './sticker-file.ts';
export { UnsentLimit } from './unsent-limit.ts';
export { keepUnsent } from './unsent-store.ts';
export { createUploadedBytes, type UploadedBytes } from './uploaded-bytes.ts';
export { createUploadedFiles, type UploadContent, type UploadedFiles } from './uploaded-files.ts';
export { createWallpaperFiles, type WallpaperFiles } from './wallpaper-files.ts';
