import type { tl } from '@aerogram/tl';

import type { FileSource } from './file-sources.ts';

/** A file that the caller may read. */
export interface OpenFile {
  type: tl.storage.FileType;
  /** Unix seconds. */
  changed_date: number;
  /**
   * Reads at most `limit` bytes from `offset`; returns no bytes past the end. They belong to the caller, who may free them.
   * Throws FilesUnavailable while the store cannot be reached.
   */
  read(offset: number, limit: number): Promise<Uint8Array>;
  /** The document or the size of a photo, if the caller has the file from an origin. */
  source?: FileSource | undefined;
}
