import type { PartPlace } from '@aerogram/blob';
import { RpcError } from '@aerogram/errors';
import type { Database } from '@aerogram/storage';

import { type BlobReader, BlobTooShort } from './blob-reader.ts';
import { findBlob } from './document-store.ts';
import { findFinishedUpload } from './finished-upload-store.ts';

/**
 * Whether a part has arrived before, in an upload that was finished since. A client repeats a part whose answer was lost. The upload is deleted by then,
 * and a new one would use up the user's quota until it expires, because nobody finishes it. A part with other bytes begins a new upload: the client
 * uses the id again.
 */
export async function isStoredPart({ db, reader }: { db: Pick<Database, 'run'>; reader: Pick<BlobReader, 'read'> }, part: PartPlace, bytes: Uint8Array): Promise<boolean> {
  const identity = await findFinishedUpload(db, part);
  const blob = identity && (await findBlob(db, identity));
  if (blob === undefined) return false;
  for (const offset of offsetsOf(part.part, bytes.length, blob.size)) {
    try {
      if (Buffer.compare(await reader.read(blob, offset, bytes.length), bytes) === 0) return true;
    } catch (error) {
      // What is stored is lost or damaged; a new upload repairs it.
      if (error instanceof RpcError || error instanceof BlobTooShort) return false;
      throw error;
    }
  }
  return false;
}

/**
 * Where a part of this length may lie in a file whose part size is not known: as one of the full parts, or as the last one, which may be shorter. Pure.
 * @param part its number
 * @param size of the file
 */
export function offsetsOf(part: number, length: number, size: number): number[] {
  const [full, last] = [part * length, size - length];
  const isLast = part > 0 && last > full && last % part === 0;
  return [...(full + length <= size ? [full] : []), ...(isLast ? [last] : [])];
}
