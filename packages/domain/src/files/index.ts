/** Files: the face of blobs, documents, uploads and collections; what clients download; the collection of what nobody needs. */
export { type BlobUses, countBlobUses, findBlobOfDocument } from './blob-uses.ts';
export { doDeleteBlob } from './delete-blob.ts';
export { countFiles, type FileNumbers } from './file-counts.ts';
export type { FileSource, SourceName } from './file-sources.ts';
export { fileTypeOf } from './file-type.ts';
export { type DocumentMediaInput, Files } from './files.ts';
export type { LinkedFile, NamedFile } from './named-files.ts';
