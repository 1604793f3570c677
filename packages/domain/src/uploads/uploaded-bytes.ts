import { RpcError } from '@aerogram/errors';

import type { DomainDeps } from '../shared/index.ts';
import { type BlobReader, type BlobRow, BlobTooShort, findBlob } from '../blobs/index.ts';
import type { UploadKey } from './finished-upload-store.ts';
import type { UploadContent, UploadedFiles } from './uploaded-files.ts';

/** The bytes of an upload. */
export interface UploadBytes {
  /** In bytes. */
  size: number;
  /** Reads the bytes from `from` to before `to`, which must be in the file. */
  read(from: number, to: number): Promise<Uint8Array>;
}

/** Gives the bytes of uploads to those who look into them. */
export interface UploadedBytes {
  /**
   * Opens what was uploaded, or the blob of a document that was made of it before.
   * @returns undefined if the bytes are not there any longer. Reading throws RpcError FILE_PART_0_MISSING if those of the blob are lost: the next upload repairs it
   */
  open(upload: UploadKey, content: UploadContent): Promise<UploadBytes | undefined>;
}

/** Creates the access to the bytes. */
export function createUploadedBytes(
  { db, fileStorage }: Pick<DomainDeps, 'db' | 'fileStorage'>,
  { uploads, reader }: { uploads: Pick<UploadedFiles, 'askAgain'>; reader: Pick<BlobReader, 'read'> },
): UploadedBytes {
  const readBlob = (upload: UploadKey, blob: BlobRow, from: number, to: number): Promise<Uint8Array> =>
    reader.read(blob, from, to - from).catch(async (error: unknown) => {
      throw error instanceof RpcError || error instanceof BlobTooShort ? await uploads.askAgain(upload) : error;
    });
  return {
    async open(upload, { finished, identity, size }) {
      if (finished !== undefined) return { size, read: (from, to) => fileStorage.uploads.readBytes(finished, { from, to }) };
      const blob = await findBlob(db, identity);
      // A blob of another size has the sizes of a photo.
      return blob?.size === size ? { size, read: (from, to) => readBlob(upload, blob, from, to) } : undefined;
    },
  };
}
