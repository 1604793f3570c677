/** Files: uploads, documents and who may read them; sticker sets and files that ship with the server. */
export { countFiles, type FileNumbers, findMissingMasterKeys } from './blob-check-store.ts';
export { type FaultyBlob, findFaultyBlobs } from './blob-checks.ts';
export { changeFileRefs } from './change-file-refs.ts';
export { DICE, findDice, throwDice } from './dice.ts';
export type { OriginContent, ReadOrigin } from './document-access.ts';
export { addFileRefs, addFileRefsLast, dropFileRefs, dropOwnerFileRefs, type FilePlace, type FileRefs } from './file-ref-store.ts';
export { type FileOrigin, type FileReferences, createFileReferences } from './file-reference.ts';
export { createFileLinks, doCreateFileLink, FILE_LINK_KEYS, FILE_LINK_MAX_S, type FileLinks } from './file-links.ts';
export { createFiles, type DocumentMediaInput, type Files, type LinkedFile } from './files.ts';
export { DEFAULT_REACTION, findReaction, KNOWN_REACTIONS } from './known-reactions.ts';
export { createMediaFiller, type MediaFiller } from './media-filler.ts';
export { createMessageFiller, type MessageFiller } from './message-filler.ts';
export { findFilesOwner } from './store-owner-store.ts';
export { doAdoptStore, doClaimStore, type StoreOwner } from './store-owner.ts';
export { findStrayDoubt, type StrayDoubt } from './stray-doubt.ts';
export { confirmStrays } from './stray-store.ts';
export { FilesUnavailable } from './storage-failures.ts';
export { documentIdsIn, FilesInExtra } from './media-files.ts';
