/** Blobs: the contents of files, each kept once; their rows, keys and checks, what is blocked, and whose the store is. */
export { createBlobJobs } from './blob-jobs.ts';
export { findMissingMasterKeys } from './blob-key-store.ts';
export { BLOB_PLACE_MS, type BlobContent, type BlobReader, BlobTooShort, createBlobReader } from './blob-reader.ts';
export { BLOB_COLUMNS, type BlobColumns, blobOf, type BlobRow, findBlob, findBlockHashes, insertBlob, lockBlob, type NewBlob, removeUnusedBlob } from './blob-row-store.ts';
export { checkNotBlocked, dropBlobBlock, findBlobByHash, isAccepted, isDeleted, isUsable, listBlockedBlobs, listDeletedBlobs, markBlobDeleted, type ModeratedBlob, saveAccepted, saveBlobBlock, sweepVerdicts } from './blob-verdict-store.ts';
export { type BlobWrites, createBlobWrites, type NewContent } from './blob-writes.ts';
export { blockedUploadsMetric, collectedMetric, fileBytesMetric, uploadsMetric } from './file-metrics.ts';
export { type FaultyBlob, findFaultyBlobs } from './find-faulty-blobs.ts';
export { keptSecondsOf } from './kept-days.ts';
export { once, prepareContent } from './new-content.ts';
export { HASHES_MAX, projectHashes } from './project-hashes.ts';
export { doRemoveStray } from './remove-stray.ts';
export { isSoundBlob } from './sound-blob.ts';
export { FilesUnavailable, withFileStorage } from './storage-failures.ts';
export { doAdoptStore, doClaimStore } from './store-owner.ts';
export { findFilesOwner } from './store-owner-store.ts';
export { findStrayDoubt, type StrayDoubt } from './stray-doubt.ts';
export { confirmStrays, doomStray, listStrays, noteOwnStray, noteStrays } from './stray-store.ts';
