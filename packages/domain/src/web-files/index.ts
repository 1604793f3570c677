/** Files of other sites: those that clients load through this server, at URLs which it has signed, and those that are sent by their URL. */
export { loadWebFileSigner, type SignedFile, type WebFileSigner } from './web-file-signer.ts';
export { createWebFiles, type OpenWebFile, type WebFiles } from './web-files.ts';
export { isOfKind, urlBytesMax, type UrlKind } from './url-kinds.ts';
export { createUrlUploads, type UrlFile, type UrlFileOfKind, type UrlSender, type UrlUpload, type UrlUploads } from './url-uploads.ts';
