import type { BlobStore } from '../blob-store.ts';
import type { FinishedUpload } from './finish-upload.ts';
import type { PartPlace, UploadRefusal } from './part-rules.ts';

/** What became of a part. `over-quota`: the user holds too many bytes in unfinished uploads. `too-many`: the user has too many of them. */
export type SaveResult = { outcome: 'saved' } | { outcome: 'refused'; reason: UploadRefusal | 'over-quota' | 'too-many' };

/** What became of a whole upload. `absent`: no part has arrived, or the upload was discarded. `missing`: this part has not arrived, or a crash lost it. */
export type FinishResult =
  | { outcome: 'absent' }
  | { outcome: 'finished'; file: FinishedUpload }
  | { outcome: 'missing'; part: number }
  | { outcome: 'refused'; reason: UploadRefusal };

/** Unfinished uploads, wherever their parts are kept. */
export interface UnfinishedUploads {
  /**
   * Saves one part. Parts may arrive in any order, several at a time, and repeatedly.
   * @param isStored whether the part belongs to an upload that was finished and discarded, so that it needs no new upload; asked only if there is no upload
   * @throws PartBusy when another call has been writing the same part for more than ten seconds, or whoever keeps the parts cannot be asked now
   */
  savePart(place: PartPlace, bytes: Uint8Array, isStored?: () => Promise<boolean>): Promise<SaveResult>;
  /**
   * Completes an upload: checks that all parts are there, syncs them, and computes the identity of the file. May be called again, also
   * after a crash; the upload stays until `discard`.
   * @param parts their number, as the client says
   * @param admit is told the size of the file when all parts are there, before they are moved or hashed; what it throws, `finish` throws
   */
  finish(userId: bigint, fileId: bigint, parts: number, admit?: (size: number) => Promise<void>): Promise<FinishResult>;
  /**
   * Runs the work of finishing an upload and storing its file, while no other call does so for the same upload. Otherwise each call that a client repeats would
   * store the file again.
   * @throws PartBusy as {@link savePart}; UploadReplaced when a part with another body has begun the upload anew meanwhile
   */
  whileAlone<T>(userId: bigint, fileId: bigint, work: () => Promise<T>): Promise<T>;
  /**
   * Hashes the plain bytes of a finished upload as a whole. This reads the file again, once for each algorithm, so only short files are hashed.
   * @returns in hex
   * @throws RangeError if the file is longer than {@link HASHED_FILE_MAX}
   */
  hashWhole(finished: FinishedUpload, algorithm: 'md5' | 'sha256'): Promise<string>;
  /** Reads the plain bytes of a finished upload from the beginning to the end. */
  read(finished: FinishedUpload): AsyncIterable<Uint8Array>;
  /**
   * Reads plain bytes of a finished upload, fewer than asked for only at its end.
   * @param range by default all of the file
   * @throws RangeError if these are more than {@link HASHED_FILE_MAX}
   */
  readBytes(finished: FinishedUpload, range?: { from?: number; to?: number }): Promise<Uint8Array>;
  /** Puts the file of a finished upload into the store of this cluster; the upload stays. Throws as `BlobStore.adopt`. */
  putInto(store: BlobStore, finished: FinishedUpload): Promise<void>;
  /** Deletes an upload, after its file was adopted or is not wanted. Succeeds if there is none. */
  discard(userId: bigint, fileId: bigint): Promise<void>;
}
