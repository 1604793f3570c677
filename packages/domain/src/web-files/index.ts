/** Files of other sites that clients load through this server, at URLs which it has signed. */
export { loadWebFileSigner, type SignedFile, type WebFileSigner } from './web-file-signer.ts';
export { createWebFiles, type OpenWebFile, type WebFiles } from './web-files.ts';
