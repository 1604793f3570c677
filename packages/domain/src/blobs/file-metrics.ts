import { defineCounter } from '@aerogram/runtime';

/** Bytes of files that clients exchange with this process. */
export const fileBytesMetric = defineCounter({ name: 'aerogram_file_bytes_total', help: 'Bytes of files, as parts of uploads (in) or of downloads (out).', labels: ['direction'] });
/** Parts of files that could not be read. */
export const blobReadFailuresMetric = defineCounter({ name: 'aerogram_blob_read_failures_total', help: 'Parts of files that could not be read: the blob is missing, shorter than its row says, or something else failed.', labels: ['reason'] });
/** What becomes of finished uploads. */
export const uploadsMetric = defineCounter({ name: 'aerogram_uploads_total', help: 'Finished uploads, by whether their content was new, known, or took the place of lost bytes.', labels: ['content'] });
/** What the collection deletes. */
export const collectedMetric = defineCounter({ name: 'aerogram_files_collected_total', help: 'Blobs that were deleted because nothing refers to them; strays are blobs without a row.', labels: ['kind'] });
/** Uploads that may not come in. */
export const blockedUploadsMetric = defineCounter({ name: 'aerogram_uploads_blocked_total', help: 'Uploads that were refused because operators have blocked their content, or their hook refuses it.' });
